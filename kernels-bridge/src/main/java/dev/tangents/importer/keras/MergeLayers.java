package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Layers with several inputs. */
final class MergeLayers {
  private MergeLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    table.add("Add", call -> fold(call, Add::add));
    table.add("Subtract", MergeLayers::subtract);
    table.add("Multiply", call -> fold(call, Mul::mul));
    table.add("Maximum", call -> fold(call, Max::max));
    table.add("Minimum", call -> fold(call, Min::min));
    table.add("Average", call -> Mul.scale(fold(call, Add::add), 1.0 / call.inputs().size()));
    table.add("Concatenate", MergeLayers::concatenate);
    table.add("Dot", MergeLayers::dot);
  }

  private static Value fold(LayerCall call, BinaryOperator<Value> operation) {
    Value y = first(call);
    for (Value x : call.inputs().subList(1, call.inputs().size())) {
      Shape common = common(y.shape(), x.shape());
      y = operation.apply(spread(y, common), spread(x, common));
    }
    return y;
  }

  private static Value first(LayerCall call) {
    if (call.inputs().size() < 2) {
      throw TangentsException.model("it has %d inputs; expected two or more", call.inputs().size());
    }
    return call.inputs().get(0);
  }

  private static Value subtract(LayerCall call) {
    requireTwo(call);
    return fold(call, Sub::sub);
  }

  private static void requireTwo(LayerCall call) {
    if (call.inputs().size() != 2) {
      throw TangentsException.model("it has %d inputs; expected two", call.inputs().size());
    }
  }

  private static Shape common(Shape a, Shape b) {
    Shape shape = a;
    for (int i = 0; a.rank() == b.rank() && i < a.rank(); i++) {
      shape = a.dim(i) == 1 ? shape.with(i, b.dim(i)) : shape;
    }
    if (a.rank() != b.rank() || !fits(b, shape)) {
      throw TangentsException.model("inputs of shapes %s and %s do not go together", a, b);
    }
    return shape;
  }

  private static boolean fits(Shape part, Shape whole) {
    for (int i = 0; i < whole.rank(); i++) {
      if (part.dim(i) != 1 && part.dim(i) != whole.dim(i)) {
        return false;
      }
    }
    return true;
  }

  /** {@code x} repeated to {@code target} along its axes of extent 1. */
  static Value spread(Value x, Shape target) {
    List<Integer> axes = new ArrayList<>();
    Shape inner = Shape.scalar();
    for (int i = 0; i < target.rank(); i++) {
      if (x.shape().dim(i) == target.dim(i)) {
        axes.add(i);
        inner = inner.insert(inner.rank(), target.dim(i));
      }
    }
    return Broadcast.broadcast(reshape(x, inner), target, axes);
  }

  private static Value concatenate(LayerCall call) {
    return Concat.concat(call.inputs(), call.axis("axis", first(call).shape()));
  }

  /** Sum over one axis of either input; the other axes of the first come first. */
  private static Value dot(LayerCall call) {
    requireTwo(call);
    Value a = first(call);
    Value b = call.inputs().get(1);
    List<Long> stated = call.integers("axes", 2);
    int over = LayerCall.axis(stated.get(0), a.shape());
    int with = LayerCall.axis(stated.get(1), b.shape());
    if (call.flag("normalize", false)) {
      a = NormalisationLayers.unit(a, List.of(over));
      b = NormalisationLayers.unit(b, List.of(with));
    }
    Value left = moveAxis(a, over, a.shape().rank() - 1);
    Value right = moveAxis(b, with, b.shape().rank() - 1);
    long depth = left.shape().dim(-1);
    if (right.shape().dim(-1) != depth) {
      throw TangentsException.model(
          "inputs of shapes %s and %s differ along the axes %s", a.shape(), b.shape(), stated);
    }
    Shape rows = left.shape().remove(-1);
    Shape columns = right.shape().remove(-1);
    Value y =
        MatMul.matMulTransposed(
            reshape(left, rows.size(), depth), reshape(right, columns.size(), depth));
    Shape result = rows.concat(columns);
    return reshape(y, result.rank() == 0 ? Shape.of(1) : result);
  }
}
