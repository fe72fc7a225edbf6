package dev.tangents.importer.keras;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.nn.Softmax;
import java.util.List;
import java.util.function.BiFunction;

/** Layers that are an activation, and those that do nothing at inference. */
final class ActivationLayers {
  /** Slope of the layer LeakyReLU, which is not the activation's. */
  private static final double LEAKY_SLOPE = 0.3;

  private static final List<String> IDENTITIES =
      List.of(
          "ActivityRegularization",
          "AlphaDropout",
          "Dropout",
          "GaussianDropout",
          "GaussianNoise",
          "Identity",
          "RandomBrightness",
          "RandomContrast",
          "RandomFlip",
          "RandomRotation",
          "RandomTranslation",
          "RandomZoom",
          "SpatialDropout1D",
          "SpatialDropout2D",
          "SpatialDropout3D");

  private ActivationLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    // Seeds of random layers are kept among the arrays of some versions, and are not read.
    IDENTITIES.forEach(type -> table.add(type, LayerCall::input, List.of()));
    table.add("Activation", call -> call.activated(call.input()));
    activation(table, "ReLU", ActivationLayers::relu);
    activation(
        table,
        "LeakyReLU",
        (x, call) ->
            LeakyRelu.leakyRelu(
                x, call.number("negative_slope", call.number("alpha", LEAKY_SLOPE))));
    activation(table, "ELU", (x, call) -> Elu.elu(x, call.number("alpha", 1)));
    activation(table, "Softmax", ActivationLayers::softmax);
    table.add("PReLU", ActivationLayers::prelu);
  }

  private static void activation(
      LayerTable table, String type, BiFunction<Value, LayerCall, Value> rule) {
    table.add(type, call -> call.plain() ? call.input() : rule.apply(call.input(), call));
  }

  /** min(x, max_value) for x above 0, negative_slope x below. */
  private static Value relu(Value x, LayerCall call) {
    if (call.number("threshold", 0) != 0) {
      throw call.unfit("threshold", "0");
    }
    double slope = call.number("negative_slope", 0);
    Value y = slope == 0 ? Relu.relu(x) : LeakyRelu.leakyRelu(x, slope);
    return call.has("max_value") ? KerasActivations.capped(y, call.number("max_value", 0)) : y;
  }

  private static Value softmax(Value x, LayerCall call) {
    return Softmax.softmax(x, call.axis("axis", x.shape()));
  }

  /**
   * x above 0, alpha x below, alpha a variable of the sample's shape with extent 1 where shared.
   */
  private static Value prelu(LayerCall call) {
    Value x = call.input();
    Shape shape = x.shape();
    if (call.has("shared_axes")) {
      for (int axis : call.axes("shared_axes", shape)) {
        shape = shape.with(axis, 1);
      }
    }
    Value alpha = MergeLayers.spread(call.trained("alpha", shape.dims()), x.shape());
    return sub(Relu.relu(x), mul(alpha, Relu.relu(Neg.neg(x))));
  }
}
