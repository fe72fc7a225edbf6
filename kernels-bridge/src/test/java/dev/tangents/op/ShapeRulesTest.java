package dev.tangents.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.DType;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the shape rules refuse, and in which words. */
class ShapeRulesTest {
  private static final TensorType INT = new TensorType(DType.INT, Shape.of(2));

  static Stream<Arguments> refused() {
    return Stream.concat(arithmetic(), movesAndReductions());
  }

  private static Stream<Arguments> arithmetic() {
    TensorType matrix = TensorType.real(2, 3);
    TensorType vector = TensorType.real(3);
    return Stream.of(
        refused(new Tanh(), "tanh: expected one real operand, got [INT[2]]", INT),
        refused(
            new Add(),
            "add: expected two real operands of one shape, got [REAL[2, 3], REAL[3]]. Broadcast the"
                + " smaller one first",
            matrix,
            vector),
        refused(
            new MatMul(false, false),
            "matmul: inner extents differ, 3 of [2, 3] and 2 of [2, 3]",
            matrix,
            matrix),
        refused(
            new MatMul(true, true),
            "matmul: inner extents differ, 2 of [2, 3] transposed and 4 of [3, 4] transposed",
            matrix,
            TensorType.real(3, 4)),
        refused(
            new MatMul(false, false),
            "matmul: expected two real operands of one rank, at least 2, with equal leading axes;"
                + " got REAL[2, 3] and REAL[3]",
            matrix,
            vector),
        refused(
            new MatMul(false, false),
            "matmul: expected two real operands of one rank, at least 2, with equal leading axes;"
                + " got REAL[5, 2, 3] and REAL[4, 3, 2]",
            TensorType.real(5, 2, 3),
            TensorType.real(4, 3, 2)));
  }

  private static Stream<Arguments> movesAndReductions() {
    TensorType matrix = TensorType.real(2, 3);
    TensorType vector = TensorType.real(3);
    return Stream.of(
        refused(
            new Reshape(Shape.of(4)),
            "reshape: [2, 3] has 6 elements, [4] has 4; they must be equal",
            matrix),
        refused(
            new Transpose(List.of(0, 0)),
            "transpose: [0, 0] is not an order of the 2 axes of [2, 3]",
            matrix),
        refused(
            new Broadcast(Shape.of(3, 2), List.of(1)),
            "broadcast: [3] does not fit [3, 2] with its axes at [1]; extents must be equal there",
            vector),
        refused(
            new Broadcast(Shape.of(2, 3), List.of(-1)),
            "broadcast: [3] does not fit [2, 3] with its axes at [-1]; extents must be equal there",
            vector),
        refused(
            new Concat(0),
            "concat: operands may differ only along axis 0, got [REAL[2, 3], REAL[2, 4]]",
            matrix,
            TensorType.real(2, 4)),
        refused(new Concat(-1), "concat: axis -1 is negative; count it from 0", matrix, matrix),
        refused(new Slice(1, 2, 4), "slice: [2, 4) is not a range of axis 1 of [2, 3]", matrix),
        refused(new Slice(-1, 0, 1), "slice: [2, 3] has no axis -1, counted from 0", matrix),
        refused(
            new Sum(List.of(1, 0)), "sum: axes [1, 0] must be increasing and not negative", matrix),
        refused(new Sum(List.of(2)), "Shape [2, 3]: no axis 2; it has rank 2", matrix),
        refused(
            new ReduceMax(2),
            "reduce-max: expected a real operand with an axis 2, got REAL[2, 3]",
            matrix),
        refused(
            new LogSumExp(0), "logsumexp: axis 0 of REAL[0, 3] is empty", TensorType.real(0, 3)),
        refused(
            new FirstMax(0), "first-max: expected a real operand with an axis 0, got INT[2]", INT));
  }

  private static Arguments refused(Primitive primitive, String message, TensorType... operands) {
    return Arguments.of(primitive, message, List.of(operands));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void operandsThatDoNotFitAreRefused(
      Primitive primitive, String message, List<TensorType> operands) {
    TangentsException error =
        assertThrows(TangentsException.class, () -> primitive.resultType(operands));
    assertEquals(message, error.getMessage());
    assertEquals(Category.MODEL, error.category());
  }

  @Test
  void theLayerIsNamed() {
    GraphBuilder builder = new GraphBuilder().origin("dense_1");
    Value a = builder.input("a", TensorType.real(2));
    Value b = builder.input("b", TensorType.real(3));
    TangentsException error = assertThrows(TangentsException.class, () -> Add.add(a, b));
    assertEquals(
        "Layer 'dense_1': add: expected two real operands of one shape, got [REAL[2], REAL[3]]."
            + " Broadcast the smaller one first",
        error.getMessage());
  }

  @Test
  void factoriesCountNegativeAxesFromTheEnd() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2, 3));
    assertEquals(Shape.of(2, 1), Slice.slice(x, -1, 1, 2).shape());
    assertEquals(Shape.of(2, 6), Concat.concat(List.of(x, x), -1).shape());
    assertEquals(Shape.of(2), ReduceMax.reduceMax(x, -1).shape());
    assertEquals(Shape.of(2), LogSumExp.logSumExp(x, -1).shape());
  }

  /** Moving a constant of equal integers leaves a constant of integers. */
  @Test
  void constantsKeepTheirKindOfNumber() {
    GraphBuilder builder = new GraphBuilder();
    Value ids = builder.constant(Literal.splat(new TensorType(DType.INT, Shape.of(2, 3)), 7));
    for (Value moved :
        List.of(
            Broadcast.leading(ids, Shape.of(4, 2, 3)),
            Transpose.transpose(ids, 1, 0),
            Slice.slice(ids, 0, 0, 1),
            Reshape.reshape(ids, 6),
            Sum.sum(ids, 0))) {
      assertEquals(DType.INT, moved.type().dtype());
      assertEquals(Optional.of(moved.shape()), builder.literal(moved).map(x -> x.type().shape()));
    }
  }
}
