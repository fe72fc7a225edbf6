package dev.tangents.importer.dl4j;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Power.power;
import static dev.tangents.op.elementwise.Sigmoid.sigmoid;
import static dev.tangents.op.elementwise.Tanh.tanh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.importer.Text;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.nn.Activations;
import dev.tangents.op.nn.Softmax;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Activations of Deeplearning4j as its own {@code output()} computes them, which is not always as
 * the papers have them: see {@link #gelu}.
 */
final class Dl4jActivations {
  private static final String PACKAGE = "org.nd4j.linalg.activations.impl.";

  /** What an error message offers. */
  static final String SUPPORTED =
      "identity, relu, leakyrelu, elu, selu, softplus, sigmoid, tanh, softmax, swish, gelu, cube";

  private Dl4jActivations() {}

  /** Thrown for an activation that has no counterpart here; the caller collects the messages. */
  static final class Unsupported extends Exception {
    private static final long serialVersionUID = 1L;

    Unsupported(String message) {
      super(message);
    }
  }

  /**
   * The activation of a layer's {@code activationFn}.
   *
   * @throws Unsupported if there is none, saying why
   */
  static UnaryOperator<Value> of(JsonNode json) throws Unsupported {
    String type = json.path("@class").asText("");
    if (!type.startsWith(PACKAGE)) {
      throw new Unsupported("activation '" + Text.shown(type) + "'");
    }
    String name = type.substring(PACKAGE.length());
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "activationidentity" -> UnaryOperator.identity();
      case "activationrelu" -> relu(json);
      case "activationlrelu" -> {
        double slope = number(json, "alpha", 0.01);
        yield x -> LeakyRelu.leakyRelu(x, slope);
      }
      case "activationelu" -> {
        double alpha = number(json, "alpha", 1);
        yield x -> Elu.elu(x, alpha);
      }
      case "activationselu" -> Activations::selu;
      case "activationsoftplus" -> Softplus::softplus;
      case "activationsigmoid" -> Sigmoid::sigmoid;
      case "activationtanh" -> Tanh::tanh;
      case "activationsoftmax" -> x -> Softmax.softmax(x, -1);
      case "activationswish" -> Activations::silu;
      case "activationgelu" ->
          json.path("precise").asBoolean(false)
              ? Dl4jActivations::preciseGelu
              : Dl4jActivations::gelu;
      case "activationcube" -> x -> Power.power(x, 3);
      default -> throw new Unsupported("activation " + Text.shown(name));
    };
  }

  private static UnaryOperator<Value> relu(JsonNode json) throws Unsupported {
    for (String field : List.of("max", "threshold", "negativeSlope")) {
      if (number(json, field, 0) != 0) {
        throw new Unsupported("activation ActivationReLU with " + field);
      }
    }
    return Relu::relu;
  }

  private static double number(JsonNode json, String field, double otherwise) throws Unsupported {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
      throw new Unsupported("activation with " + field + " = " + Text.shown(node.toString()));
    }
    return node.asDouble();
  }

  /** x sigmoid(1.702 x): what ND4J calls GELU. The factor is a float in its native code. */
  static Value gelu(Value x) {
    return mul(x, sigmoid(scale(x, 1.702f)));
  }

  /**
   * x (1 + tanh(sqrt(2/pi) (x + (0.044715 x)^3))) / 2: ND4J's PreciseGELU cubes the factor together
   * with x, unlike Hendrycks and Gimpel 2016. The import follows the library the model was trained
   * with.
   */
  static Value preciseGelu(Value x) {
    Value inner = scale(add(x, power(scale(x, 0.044715), 3)), Math.sqrt(2 / Math.PI));
    return mul(scale(x, 0.5), shift(tanh(inner), 1));
  }
}
