package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Max.max;
import static dev.tangents.op.elementwise.Min.min;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Softplus.softplus;
import static dev.tangents.op.elementwise.Sub.sub;
import static dev.tangents.op.nn.Softmax.logSoftmax;
import static dev.tangents.op.reduce.Sum.mean;
import static dev.tangents.op.reduce.Sum.sum;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;

/**
 * The usual losses of one sample, and a network with a loss put on it. A batch of samples is the
 * business of {@code Batch} and {@link Gradients}: no loss here divides by the number of samples.
 * With f the outputs and y the target, both [O]:
 *
 * <pre>
 *   meanSquare           1/O sum_o (f_o - y_o)^2
 *   halfMeanSquare       half of it
 *   binaryCrossEntropy   1/O sum_o y_o softplus(-f_o) + (1 - y_o) softplus(f_o)   f logits, y in [0, 1]
 *   softmaxCrossEntropy  - sum_o y_o ln softmax(f)_o                     f logits, y one-hot or a distribution
 *   hinge                1/O sum_o max(0, 1 - y_o f_o)                   y = -1 or 1; slope 0 at the margin
 *   huber                1/O sum_o e^2 / 2, or delta (|e| - delta / 2) where |e| = |f_o - y_o| &gt; delta
 * </pre>
 *
 * <p>A class index becomes a one-hot target before it comes here. The Huber loss has the curvature
 * 1 of the square at |e| = delta itself.
 */
public final class Losses {
  /** Name of the input that {@link #on} adds for the target, [O]. */
  public static final String TARGET = "target";

  /** Name of the input that {@link #weighted} adds for the sample's weight, []. */
  public static final String WEIGHT = "weight";

  private Losses() {}

  /**
   * The loss of a network: its graph with a further input {@link #TARGET}, [O], and the loss, [],
   * as its one result. An output of another rank is flattened, row-major.
   *
   * @throws TangentsException if the network has not exactly one real result, or an input or
   *     parameter named {@link #TARGET}
   */
  public static Graph on(Graph network, Loss loss) {
    List<TensorType> types = network.outputTypes();
    if (types.size() != 1 || !types.get(0).isReal()) {
      throw TangentsException.model("Loss: expected a network of one real output, got %s", types);
    }
    GraphBuilder builder = new GraphBuilder();
    Value outputs = network.copyInto(builder).get(network.outputs().get(0));
    Value flat = reshape(outputs, outputs.shape().size());
    return builder.build(loss.of(flat, builder.input(TARGET, flat.type())));
  }

  /**
   * The loss of a network as {@link #on} makes it, times a further input {@link #WEIGHT}, [].
   *
   * @throws TangentsException as {@link #on}, and if the name {@link #WEIGHT} is taken
   */
  public static Graph weighted(Graph network, Loss loss) {
    return weighted(on(network, loss));
  }

  /**
   * A loss of one sample, [], times a further input {@link #WEIGHT}, [].
   *
   * @throws TangentsException if the name {@link #WEIGHT} is taken
   */
  public static Graph weighted(Graph loss) {
    GraphBuilder builder = new GraphBuilder();
    Value value = loss.copyInto(builder).get(loss.outputs().get(0));
    return builder.build(mul(value, builder.input(WEIGHT, value.type())));
  }

  /** The mean over the outputs of (f - y)^2. */
  public static Loss meanSquare() {
    return (f, y) -> mean(square(sub(f, y)), 0);
  }

  /** Half of {@link #meanSquare}. */
  public static Loss halfMeanSquare() {
    return (f, y) -> scale(meanSquare().of(f, y), 0.5);
  }

  /**
   * The mean over the outputs of - y ln p - (1 - y) ln (1 - p) with p = sigmoid(f). Written with
   * softplus it neither overflows nor loses the digits of a small loss.
   */
  public static Loss binaryCrossEntropy() {
    return (f, y) -> {
      Value one = y.builder().splat(y.shape(), 1);
      return mean(add(mul(y, softplus(neg(f))), mul(sub(one, y), softplus(f))), 0);
    };
  }

  /** Minus the mean of ln softmax(f) under the distribution y. */
  public static Loss softmaxCrossEntropy() {
    return (f, y) -> neg(sum(mul(y, logSoftmax(f, 0)), 0));
  }

  /** The mean over the outputs of max(0, 1 - y f). */
  public static Loss hinge() {
    return (f, y) -> mean(relu(sub(f.builder().splat(f.shape(), 1), mul(y, f))), 0);
  }

  /**
   * The mean over the outputs of a square near the target and a straight line farther than {@code
   * delta} from it (Huber 1964).
   *
   * @throws TangentsException if delta is not a positive number
   */
  public static Loss huber(double delta) {
    if (!(delta > 0) || Double.isInfinite(delta)) {
      throw TangentsException.user("Huber loss: expected a finite delta above 0, got %s", delta);
    }
    return (f, y) -> {
      Value e = sub(f, y);
      GraphBuilder builder = e.builder();
      // c (e - c/2) with c = e clipped has both pieces, and no kink of |e| at the target.
      Value below = min(e, builder.splat(e.shape(), delta));
      Value c = max(below, builder.splat(e.shape(), -delta));
      return mean(mul(c, sub(e, scale(c, 0.5))), 0);
    };
  }

  private static Value square(Value x) {
    return mul(x, x);
  }
}
