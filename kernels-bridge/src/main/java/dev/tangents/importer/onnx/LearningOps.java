package dev.tangents.importer.onnx;

import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sub;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Operators of the domain {@code ai.onnx.ml}, which scikit-learn's exporter writes beside those of
 * the standard domain. Trees, support vectors and tables of categories have no derivative.
 */
final class LearningOps {
  private LearningOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.one("ai.onnx.ml.Scaler", LearningOps::scaler);
  }

  /** (x - offset) scale, with a number for each feature, the last axis, or one for all. */
  private static Tensor scaler(NodeCall call) {
    Value shifted = withNumbers(call.value(0), call.numbers("offset"), Sub::sub);
    return new Tensor(withNumbers(shifted, call.numbers("scale"), Mul::mul), Tensor.Kind.REAL);
  }

  private static Value withNumbers(
      Value x, Optional<double[]> numbers, BinaryOperator<Value> rule) {
    if (numbers.isEmpty() || numbers.get().length == 0) {
      return x;
    }
    TensorType line = TensorType.real(numbers.get().length);
    Value constant = x.builder().constant(Literal.of(line, numbers.get()));
    return rule.apply(x, Broadcasting.to(constant, x.shape()));
  }
}
