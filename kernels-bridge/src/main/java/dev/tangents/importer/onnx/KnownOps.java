package dev.tangents.importer.onnx;

import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Select;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * Operators that shapes, indices and masks are computed with. Most of them have no derivative, and
 * are refused where the sample enters.
 */
final class KnownOps {
  private KnownOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.one("Constant", KnownOps::constant);
    table.one("ConstantOfShape", KnownOps::constantOfShape);
    table.one("Range", KnownOps::range);
    table.one("Shape", KnownOps::shape);
    table.one("Size", call -> call.known(Tensor.Kind.INT, Shape.scalar(), size(call)));
    table.one("Cast", KnownOps::cast);
    table.one("CastLike", call -> convert(call.tensor(0), call.tensor(1).kind()));
    table.one("Mod", KnownOps::mod);
    table.one("Equal", call -> pairs(call, Tensor.Kind.BOOL, (a, b) -> a == b ? 1 : 0));
    table.one("Greater", call -> truth(above(call, 0, 1)));
    table.one("Less", call -> truth(above(call, 1, 0)));
    table.one("GreaterOrEqual", call -> truth(not(above(call, 1, 0))));
    table.one("LessOrEqual", call -> truth(not(above(call, 0, 1))));
    table.one("Not", call -> truth(not(call.value(0))));
    table.one(
        "And", call -> truth(ElementwiseOps.together(call.value(0), call.value(1), Mul::mul)));
    table.one("Or", call -> truth(ElementwiseOps.together(call.value(0), call.value(1), Max::max)));
    table.one("Trilu", KnownOps::trilu);
  }

  /** A function of two known operands, element by element. */
  static Tensor pairs(NodeCall call, Tensor.Kind kind, DoubleBinaryOperator function) {
    Shape shape = Broadcasting.common(call.value(0).shape(), call.value(1).shape());
    call.literal(0);
    call.literal(1);
    List<Literal> operands =
        new KnownValues()
            .of(
                List.of(
                    Broadcasting.to(call.value(0), shape), Broadcasting.to(call.value(1), shape)));
    double[] a = operands.get(0).toArray();
    double[] b = operands.get(1).toArray();
    for (int i = 0; i < a.length; i++) {
      a[i] = function.applyAsDouble(a[i], b[i]);
    }
    return call.known(kind, shape, a);
  }

  private static Tensor constant(NodeCall call) {
    if (call.hasAttribute("value_int")) {
      return call.known(Tensor.Kind.INT, Shape.scalar(), (double) call.integer("value_int", 0));
    }
    if (call.hasAttribute("value_float")) {
      return call.known(Tensor.Kind.REAL, Shape.scalar(), call.number("value_float", 0));
    }
    if (call.hasAttribute("value_ints")) {
      return call.integerList(call.integers("value_ints").orElseThrow());
    }
    if (call.hasAttribute("value_floats")) {
      double[] numbers = call.numbers("value_floats").orElseThrow();
      return call.known(Tensor.Kind.REAL, Shape.of(numbers.length), numbers);
    }
    return call.tensor("value")
        .orElseThrow(
            () ->
                TangentsException.model(
                    "expected an attribute value, value_float, value_floats, value_int or value_ints"));
  }

  private static Tensor constantOfShape(NodeCall call) {
    Shape shape = Shape.of(call.integers(0));
    Tensor value =
        call.tensor("value").orElseGet(() -> call.known(Tensor.Kind.REAL, Shape.of(1), 0));
    double number = value.literal().orElseThrow().first();
    Literal splat = Literal.splat(TensorType.real(shape), number);
    return new Tensor(call.builder().constant(splat), value.kind());
  }

  private static Tensor range(NodeCall call) {
    double start = call.number(0);
    double limit = call.number(1);
    double step = call.number(2);
    double count = Math.max(0, Math.ceil((limit - start) / step));
    if (!(count <= KnownValues.MOST_ELEMENTS)) {
      throw TangentsException.model(
          "%s to %s by %s has too many numbers; expected at most 2^24", start, limit, step);
    }
    double[] numbers = new double[(int) count];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = start + i * step;
    }
    return call.known(call.tensor(0).kind(), Shape.of(numbers.length), numbers);
  }

  private static Tensor shape(NodeCall call) {
    long[] dims = call.value(0).shape().dims();
    int rank = dims.length;
    int start = bound(call.integer("start", 0), rank);
    int end = Math.max(start, bound(call.integer("end", rank), rank));
    return call.integerList(Arrays.copyOfRange(dims, start, end));
  }

  private static int bound(long axis, int rank) {
    return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
  }

  private static double size(NodeCall call) {
    return call.value(0).shape().size();
  }

  private static Tensor cast(NodeCall call) {
    int to = (int) call.integer("to", 0);
    return convert(call.tensor(0), TensorReader.kind(TensorProto.DataType.forNumber(to), to));
  }

  /** Widths are ours to choose; only what loses the fraction or the size changes numbers. */
  private static Tensor convert(Tensor x, Tensor.Kind kind) {
    boolean exact = x.kind() == kind || kind == Tensor.Kind.REAL || x.kind() == Tensor.Kind.BOOL;
    if (exact) {
      return new Tensor(x.value(), kind);
    }
    double[] numbers =
        x.literal()
            .orElseThrow(
                () ->
                    TangentsException.model(
                        "a conversion of the sample from %s to %s has no derivative",
                        x.kind(), kind))
            .toArray();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = kind == Tensor.Kind.BOOL ? (numbers[i] != 0 ? 1 : 0) : truncated(numbers[i]);
    }
    Literal literal = Literal.of(TensorType.real(x.shape()), numbers);
    return new Tensor(x.value().builder().constant(literal), kind);
  }

  /** Towards zero. */
  static double truncated(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  /** The remainder with the sign of the dividend, or with that of the divisor as Python has it. */
  private static Tensor mod(NodeCall call) {
    boolean dividend = call.integer("fmod", 0) != 0;
    return pairs(
        call,
        ElementwiseOps.kind(call),
        (a, b) -> {
          double rest = a % b;
          return dividend || rest == 0 || rest < 0 == b < 0 ? rest : rest + b;
        });
  }

  /** 1 where operand {@code a} is above operand {@code b}. */
  private static Value above(NodeCall call, int a, int b) {
    return ElementwiseOps.together(call.value(a), call.value(b), (x, y) -> greater(x, y));
  }

  private static Value not(Value truth) {
    return sub(truth.builder().splat(truth.shape(), 1), truth);
  }

  private static Tensor truth(Value value) {
    return new Tensor(value, Tensor.Kind.BOOL);
  }

  /** The upper or lower triangle of matrices, the rest zero. */
  private static Tensor trilu(NodeCall call) {
    Value x = call.value(0);
    long k = call.has(1) ? call.integers(1)[0] : 0;
    boolean upper = call.integer("upper", 1) != 0;
    int rows = (int) x.shape().dim(-2);
    int columns = (int) x.shape().dim(-1);
    double[] mask = new double[Shape.of(rows, columns).intSize()];
    for (int i = 0; i < mask.length; i++) {
      long diagonal = (long) (i % columns) - i / columns;
      mask[i] = (upper ? diagonal >= k : diagonal <= k) ? 1 : 0;
    }
    Value triangle = x.builder().constant(Literal.of(TensorType.real(rows, columns), mask));
    return call.tensor(0).with(Select.select(Broadcasting.to(triangle, x.shape()), x, zero(x)));
  }

  private static Value zero(Value x) {
    return x.builder().splat(x.shape(), 0);
  }
}
