package dev.tangents.testkit;

import static dev.tangents.testkit.PrimitiveCase.EXACT;
import static dev.tangents.testkit.PrimitiveCase.FEW;
import static dev.tangents.testkit.PrimitiveCase.LIBRARY;
import static dev.tangents.testkit.PrimitiveCase.MOVES;
import static dev.tangents.testkit.PrimitiveCase.ROUNDED;
import static dev.tangents.testkit.Sampler.apart;
import static dev.tangents.testkit.Sampler.awayFromZero;
import static dev.tangents.testkit.Sampler.between;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Asinh;
import dev.tangents.op.elementwise.Atan;
import dev.tangents.op.elementwise.Cos;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.Erf;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Log;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Pow;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Round;
import dev.tangents.op.elementwise.Select;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Sinh;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.elementwise.Tanh;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.math3.util.FastMath;

/** Primitives that take each element by itself. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  /** All lines of this family. */
  static List<PrimitiveCase> all() {
    return Stream.of(unary(), binary(), List.of(selection())).flatMap(List::stream).toList();
  }

  private static List<PrimitiveCase> unary() {
    Sampler any = between(-2, 2);
    Sampler positive = between(0.3, 3);
    Sampler offKink = awayFromZero(0.1, 2);
    return List.of(
        one(new Abs(), offKink, x -> FastMath.sqrt(x * x), FEW),
        one(new Asinh(), any, FastMath::asinh, LIBRARY),
        one(new Atan(), between(-4, 4), FastMath::atan, LIBRARY),
        one(new Cos(), any, FastMath::cos, LIBRARY),
        one(new Elu(1.5), offKink, x -> x > 0 ? x : 1.5 * (FastMath.exp(x) - 1), LIBRARY),
        one(new Erf(), between(-4, 4), org.apache.commons.math3.special.Erf::erf, LIBRARY),
        one(new Exp(), any, FastMath::exp, LIBRARY),
        one(new LeakyRelu(0.2), offKink, x -> 0.6 * x + 0.4 * Math.abs(x), FEW),
        one(new Log(), positive, FastMath::log, LIBRARY),
        one(new Neg(), any, x -> 0 - x, MOVES),
        one(new Power(3), any, x -> x * x * x, FEW),
        one(new Power(2), any, x -> x * x, FEW),
        one(new Power(1), any, x -> x, MOVES),
        one(new Power(0), any, x -> 1, MOVES),
        one(new Power(-1), offKink, x -> 1 / x, FEW),
        one(new Power(0.5), positive, FastMath::sqrt, FEW),
        one(new Round(), between(0.6, 1.4), x -> 1, MOVES),
        one(new Relu(), offKink, x -> (x + Math.abs(x)) / 2, MOVES),
        one(new Sigmoid(), any, x -> (1 + FastMath.tanh(x / 2)) / 2, LIBRARY),
        one(new Sin(), any, FastMath::sin, LIBRARY),
        one(new Sinh(), any, FastMath::sinh, LIBRARY),
        one(new Softplus(), any, x -> FastMath.log(1 + FastMath.exp(x)), LIBRARY),
        one(new Sqrt(), positive, x -> FastMath.exp(FastMath.log(x) / 2), LIBRARY),
        one(new Tanh(), any, x -> (FastMath.exp(2 * x) - 1) / (FastMath.exp(2 * x) + 1), LIBRARY));
  }

  private static List<PrimitiveCase> binary() {
    Sampler any = between(-2, 2);
    return List.of(
        two(new Add(), any, (a, b) -> a - (0 - b), MOVES),
        two(new Div(), awayFromZero(0.5, 2), (a, b) -> a * (1 / b), FEW),
        two(new Greater(), apart(), (a, b) -> Math.max(0, Math.signum(a - b)), MOVES),
        two(new Max(), apart(), (a, b) -> (a + b + Math.abs(a - b)) / 2, FEW),
        two(new Min(), apart(), (a, b) -> (a + b - Math.abs(a - b)) / 2, FEW),
        two(new Mul(), any, (a, b) -> ((a + b) * (a + b) - (a - b) * (a - b)) / 4, FEW),
        two(new Pow(), between(0.3, 2), (a, b) -> FastMath.exp(b * FastMath.log(a)), LIBRARY),
        two(new Sub(), any, (a, b) -> a + -1 * b, MOVES));
  }

  private static PrimitiveCase selection() {
    Sampler sampler =
        (random, operand, size) ->
            operand == 0
                ? random.ints(size, 0, 2).asDoubleStream().toArray()
                : random.doubles(size).toArray();
    Formula formula =
        x -> {
          double[] y = x.get(2).clone();
          Arrays.setAll(y, i -> x.get(0)[i] * x.get(1)[i] + (1 - x.get(0)[i]) * y[i]);
          return y;
        };
    Shape shape = Shape.of(2, 3);
    return new PrimitiveCase(
        new Select(), List.of(shape, shape, shape), sampler, formula, EXACT, MOVES);
  }

  private static PrimitiveCase one(
      Primitive primitive, Sampler sampler, DoubleUnaryOperator f, String reason) {
    return elementwise(primitive, 1, sampler, Formula.each(f), reason);
  }

  private static PrimitiveCase two(
      Primitive primitive, Sampler sampler, DoubleBinaryOperator f, String reason) {
    return elementwise(primitive, 2, sampler, Formula.pairs(f), reason);
  }

  private static PrimitiveCase elementwise(
      Primitive primitive, int operands, Sampler sampler, Formula formula, String reason) {
    List<Shape> shapes = operands == 1 ? List.of(Shape.of(2, 3)) : two(Shape.of(2, 3));
    double tolerance = reason.equals(MOVES) ? EXACT : ROUNDED;
    return new PrimitiveCase(primitive, shapes, sampler, formula, tolerance, reason);
  }

  private static List<Shape> two(Shape shape) {
    return List.of(shape, shape);
  }
}
