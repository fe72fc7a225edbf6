package dev.tangents.importer;

import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Cos;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.nn.Activations;
import dev.tangents.op.nn.Softmax;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Activations by name, with their usual constants: one table for all forms of model. */
public final class ActivationTable {
  /** Slope of a leaky ReLU whose model does not state one. */
  public static final double LEAKY_SLOPE = 0.01;

  private static final Map<String, UnaryOperator<Value>> BY_NAME =
      Map.ofEntries(
          Map.entry("abs", Abs::abs),
          Map.entry("cos", Cos::cos),
          Map.entry("cube", x -> Power.power(x, 3)),
          Map.entry("elu", x -> Elu.elu(x, 1)),
          Map.entry("gelu", Activations::gelu),
          Map.entry("gelu-tanh", Activations::geluTanh),
          Map.entry("identity", x -> x),
          Map.entry("leaky-relu", x -> LeakyRelu.leakyRelu(x, LEAKY_SLOPE)),
          Map.entry("log-softmax", x -> Softmax.logSoftmax(x, -1)),
          Map.entry("relu", Relu::relu),
          Map.entry("selu", Activations::selu),
          Map.entry("sigmoid", Sigmoid::sigmoid),
          Map.entry("silu", Activations::silu),
          Map.entry("sin", Sin::sin),
          Map.entry("softmax", x -> Softmax.softmax(x, -1)),
          Map.entry("softplus", Softplus::softplus),
          Map.entry("swish", Activations::silu),
          Map.entry("tanh", Tanh::tanh));

  private ActivationTable() {}

  /** The activation of that name, if there is one. */
  public static Optional<UnaryOperator<Value>> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names, sorted. */
  public static Set<String> names() {
    return new TreeMap<>(BY_NAME).keySet();
  }
}
