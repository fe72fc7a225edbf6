package dev.tangents.importer.keras;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.nn.Activations;
import dev.tangents.op.nn.Softmax;
import java.util.function.UnaryOperator;

/** Activations under the names and with the constants of Keras. */
final class KerasActivations {
  /** Slope of {@code leaky_relu} in Keras 3. */
  private static final double LEAKY_SLOPE = 0.2;

  private KerasActivations() {}

  /**
   * The activation of a layer's setting: a name, or a function of Keras by its name.
   *
   * @param major version of Keras, 2 or 3: {@code hard_sigmoid} has changed
   * @throws TangentsException of category MODEL if there is none or it is the user's own
   */
  static UnaryOperator<Value> of(JsonNode setting, int major) {
    if (setting.isMissingNode() || setting.isNull()) {
      return UnaryOperator.identity();
    }
    if (setting.isObject()) {
      JsonNode registered = setting.path("registered_name");
      boolean known =
          setting.path("config").isTextual()
              && setting.path("class_name").asText().equals("function")
              && setting.path("module").asText().equals("builtins")
              && (registered.asText().equals("function") || registered.isNull());
      if (!known) {
        throw TangentsException.model(
            "activation %s is a custom object, whose code is not in the file",
            Text.shown(setting.toString()));
      }
      return named(setting.path("config").asText(), major);
    }
    return named(setting.asText(), major);
  }

  private static UnaryOperator<Value> named(String name, int major) {
    return switch (name) {
      case "linear" -> UnaryOperator.identity();
      case "relu" -> Relu::relu;
      case "relu6" -> x -> capped(Relu.relu(x), 6);
      case "leaky_relu" -> x -> LeakyRelu.leakyRelu(x, LEAKY_SLOPE);
      case "elu" -> x -> Elu.elu(x, 1);
      case "celu" -> x -> Elu.elu(x, 1);
      case "selu" -> Activations::selu;
      case "gelu" -> Activations::gelu;
      case "silu", "swish" -> Activations::silu;
      case "hard_silu", "hard_swish" -> x -> mul(x, hardSigmoid(x, 1.0 / 6));
      case "mish" -> x -> mul(x, Tanh.tanh(Softplus.softplus(x)));
      case "sigmoid" -> Sigmoid::sigmoid;
      case "hard_sigmoid" -> x -> hardSigmoid(x, major == 2 ? 0.2 : 1.0 / 6);
      case "log_sigmoid" -> x -> Neg.neg(Softplus.softplus(Neg.neg(x)));
      case "tanh" -> Tanh::tanh;
      case "hard_tanh" -> x -> Max.max(capped(x, 1), x.builder().splat(x.shape(), -1));
      case "tanh_shrink" -> x -> Sub.sub(x, Tanh.tanh(x));
      case "softsign" -> x -> Div.div(x, shift(Abs.abs(x), 1));
      case "softplus" -> Softplus::softplus;
      case "exponential" -> Exp::exp;
      case "softmax" -> x -> Softmax.softmax(x, -1);
      case "log_softmax" -> x -> Softmax.logSoftmax(x, -1);
      default ->
          throw TangentsException.model("activation '%s' is not supported", Text.shown(name));
    };
  }

  /** min(x, most). */
  static Value capped(Value x, double most) {
    return Min.min(x, x.builder().splat(x.shape(), most));
  }

  /** slope x + 1/2 between 0 and 1. */
  private static Value hardSigmoid(Value x, double slope) {
    return capped(Relu.relu(shift(scale(x, slope), 0.5)), 1);
  }
}
