package dev.tangents.importer.dl4j;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.importer.Layers;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.function.UnaryOperator;

/** A layer in inference mode: how many numbers it takes and what it computes. */
sealed interface Dl4jLayer {
  /** Numbers that it takes from the flat vector. */
  long coefficients();

  /** Inputs [n] that it needs, or 0 if it takes any number. */
  int inputs();

  /** Outputs, or 0 if as many as inputs. */
  int outputs();

  /** Its value before the activation. {@code prefix} is "i_" for layer i. */
  Value preActivation(String prefix, Value x, Coefficients coefficients);

  /** Its activation. */
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
      TensorType type = x.type();
      Value scale = fixed(x, gamma);
      Value shift = fixed(x, beta);
      if (!locked) {
        scale = coefficients.vector(x.builder(), prefix + "gamma", inputs);
        shift = coefficients.vector(x.builder(), prefix + "beta", inputs);
      }
      Value mean = x.builder().constant(Literal.of(type, coefficients.take(inputs)));
      double[] inverse = coefficients.take(inputs);
      for (int i = 0; i < inverse.length; i++) {
        double variance = logDeviation ? Math.pow(10, 2 * inverse[i]) : inverse[i];
        inverse[i] = 1 / Math.sqrt(variance + eps);
      }
      Value normal = mul(sub(x, mean), x.builder().constant(Literal.of(type, inverse)));
      return add(mul(normal, scale), shift);
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
}
