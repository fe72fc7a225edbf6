package dev.tangents.derivative;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Gradients of a scalar by inputs or parameters as graphs. Each takes the graph of one sample's
 * loss, [] (as {@link Losses#on} makes it), and its results are the loss, then the gradient by each
 * name, in order.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * The loss of one sample, [], and its gradients, each of its name's shape.
   *
   * @throws TangentsException if the graph's result is not one real scalar, or a name is unknown or
   *     not real
   */
  public static Graph of(Graph loss, List<String> wrt) {
    List<TensorType> types = loss.outputTypes();
    if (!types.equals(List.of(TensorType.real(Shape.scalar())))) {
      throw TangentsException.model("Gradient: expected one real scalar result, got %s", types);
    }
    Graph pulled = Vjp.of(loss, wrt);
    List<Integer> results = new ArrayList<>(loss.outputs());
    results.addAll(pulled.outputs());
    Node.Input seed = Basis.last(pulled);
    return Bind.constant(pulled.withOutputs(results), seed.name(), Literal.splat(seed.type(), 1));
  }

  /**
   * The loss and the gradients of each of N samples, with N in front of every input: losses [N],
   * gradients [N, shape...]. No factor 1/N is in them.
   *
   * @throws TangentsException as {@link #of}
   */
  public static Graph perSample(Graph loss, List<String> wrt, long samples) {
    return Batch.of(of(loss, wrt), inputs(loss), samples);
  }

  /**
   * The sum of N samples' losses, [], and its gradients, each of its name's shape; N is in front of
   * every input. No per-sample gradient is formed. A name that is an input gets [N, shape...].
   *
   * @throws TangentsException as {@link #of}
   */
  public static Graph sum(Graph loss, List<String> wrt, long samples) {
    return of(folded(loss, samples, losses -> Sum.sum(losses, 0)), wrt);
  }

  /**
   * The mean of N samples' losses and its gradients: {@link #sum} divided by N; with weights the
   * divisor is still N.
   *
   * @throws TangentsException as {@link #of}
   */
  public static Graph mean(Graph loss, List<String> wrt, long samples) {
    return of(folded(loss, samples, losses -> Mul.scale(Sum.sum(losses, 0), 1.0 / samples)), wrt);
  }

  private static Graph folded(Graph loss, long samples, UnaryOperator<Value> fold) {
    Graph batched = Batch.of(loss, inputs(loss), samples);
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = batched.copyInto(builder);
    return builder.build(batched.outputs().stream().map(id -> fold.apply(values.get(id))).toList());
  }

  private static Set<String> inputs(Graph graph) {
    return graph.inputs().stream().map(Node.Input::name).collect(Collectors.toUnmodifiableSet());
  }
}
