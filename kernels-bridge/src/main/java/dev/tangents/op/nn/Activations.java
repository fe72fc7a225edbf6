package dev.tangents.op.nn;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Elu.elu;
import static dev.tangents.op.elementwise.Erf.erf;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Power.power;
import static dev.tangents.op.elementwise.Sigmoid.sigmoid;
import static dev.tangents.op.elementwise.Tanh.tanh;

import dev.tangents.ir.Value;

/** Activations that are compositions of primitives. */
public final class Activations {
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  private Activations() {}

  /** x sigmoid(x), also called swish (Ramachandran et al. 2017). */
  public static Value silu(Value x) {
    return mul(x, sigmoid(x));
  }

  /** x Phi(x) = x (1 + erf(x / sqrt 2)) / 2, the exact form (Hendrycks and Gimpel 2016). */
  public static Value gelu(Value x) {
    return mul(scale(x, 0.5), shift(erf(scale(x, Math.sqrt(0.5))), 1));
  }

  /** x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, the approximation of the same paper. */
  public static Value geluTanh(Value x) {
    Value inner = scale(add(x, scale(power(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
    return mul(scale(x, 0.5), shift(tanh(inner), 1));
  }

  /** lambda elu(x, alpha) with the constants of Klambauer et al. 2017. */
  public static Value selu(Value x) {
    return scale(elu(x, SELU_ALPHA), SELU_SCALE);
  }
}
