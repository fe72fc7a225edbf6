package dev.tangents.importer.dl4j;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Layers;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.List;
import java.util.function.UnaryOperator;

/** A layer in inference mode: how many numbers it takes and what it computes. */
sealed interface Dl4jLayer
    permits Dl4jLayer.Dense,
        Dl4jLayer.BatchNorm,
        Dl4jLayer.Elementwise,
        Dl4jLayer.Reshaped,
        ImageLayer {
  /** Numbers that it takes from the flat vector. */
  long coefficients();

  /** Inputs [n] that it needs, or 0 if it takes any number. */
  int inputs();

  /** Outputs, or 0 if as many as inputs. */
  int outputs();

  /** Whether it is over images, so that the number of its outputs depends on their extents. */
  default boolean isOverImages() {
    return this instanceof ImageLayer;
  }

  /** The layer's value before the activation. {@code prefix} is "i_" for layer i. */
  Value preActivation(String prefix, Value x, Coefficients coefficients);

  /** The layer's activation. */
  UnaryOperator<Value> activation();

  /** act(x W + b), W [inputs, outputs] stored column by column, then b. */
  record Dense(int inputs, int outputs, boolean bias, UnaryOperator<Value> activation)
      implements Dl4jLayer {
    @Override
    public long coefficients() {
      return (inputs + (bias ? 1L : 0L)) * outputs;
    }

    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      Value y = Layers.linear(x, coefficients.matrix(x.builder(), prefix + "W", inputs, outputs));
      return bias ? add(y, coefficients.vector(x.builder(), prefix + "b", outputs)) : y;
    }
  }

  /**
   * gamma (x - mean) / sqrt(var + eps) + beta with the mean and variance of training, which are
   * constants. Deeplearning4j applies no activation here, whatever the configuration says.
   *
   * @param locked whether gamma and beta are fixed numbers and not parameters
   * @param logDeviation whether log10 of the deviation is stored in place of the variance
   */
  record BatchNorm(
      int inputs, double eps, boolean locked, double gamma, double beta, boolean logDeviation)
      implements Dl4jLayer {
    @Override
    public int outputs() {
      return inputs;
    }

    @Override
    public long coefficients() {
      return (locked ? 2L : 4L) * inputs;
    }

    @Override
    public UnaryOperator<Value> activation() {
      return UnaryOperator.identity();
    }

    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      Value scale = fixed(x, gamma);
      Value shift = fixed(x, beta);
      if (!locked) {
        scale = spread(x, coefficients.vector(x.builder(), prefix + "gamma", inputs));
        shift = spread(x, coefficients.vector(x.builder(), prefix + "beta", inputs));
      }
      TensorType type = TensorType.real(inputs);
      Value mean = x.builder().constant(Literal.of(type, coefficients.take(inputs)));
      double[] inverse = coefficients.take(inputs);
      for (int i = 0; i < inverse.length; i++) {
        double variance = logDeviation ? Math.pow(10, 2 * inverse[i]) : inverse[i];
        inverse[i] = 1 / Math.sqrt(variance + eps);
      }
      Value factor = x.builder().constant(Literal.of(type, inverse));
      Value normal = mul(sub(x, spread(x, mean)), spread(x, factor));
      return add(mul(normal, scale), shift);
    }

    /** One number for each channel of an image [C, H, W], or for each element of a vector. */
    private static Value spread(Value x, Value numbers) {
      return Broadcast.broadcast(numbers, x.shape(), List.of(0));
    }

    private static Value fixed(Value x, double number) {
      return x.builder().splat(x.shape(), number);
    }
  }

  /** An activation alone; also dropout, which is the identity in inference mode. */
  record Elementwise(UnaryOperator<Value> activation) implements Dl4jLayer {
    @Override
    public int inputs() {
      return 0;
    }

    @Override
    public int outputs() {
      return 0;
    }

    @Override
    public long coefficients() {
      return 0;
    }

    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      return x;
    }
  }

  /**
   * A layer whose input is brought into another shape first, by a preprocessor.
   *
   * @param layer the layer
   * @param shape an image [C, H, W], or all of it in a row
   */
  record Reshaped(Dl4jLayer layer, Shape shape) implements Dl4jLayer {
    @Override
    public int inputs() {
      return shape.intSize();
    }

    @Override
    public int outputs() {
      return layer.inputs() > 0 ? layer.outputs() : inputs();
    }

    @Override
    public boolean isOverImages() {
      return shape.rank() > 1;
    }

    @Override
    public long coefficients() {
      return layer.coefficients();
    }

    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      if (x.shape().size() != shape.size()) {
        throw TangentsException.model(
            "layer %s: its preprocessor expects %s, the layers before it give %s",
            prefix.substring(0, prefix.length() - 1), shape, x.shape());
      }
      return layer.preActivation(prefix, Reshape.reshape(x, shape), coefficients);
    }

    @Override
    public UnaryOperator<Value> activation() {
      return layer.activation();
    }
  }
}
