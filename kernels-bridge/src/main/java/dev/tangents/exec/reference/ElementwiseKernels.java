package dev.tangents.exec.reference;

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
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Elementwise primitives as functions of one or two numbers. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  /** Adds this family's kernels. */
  static void register(ReferenceKernels.Table table) {
    unary(table, Abs.class, Math::abs);
    unary(table, Asinh.class, ElementwiseKernels::asinh);
    unary(table, Atan.class, Math::atan);
    unary(table, Cos.class, Math::cos);
    unary(table, Erf.class, ErrorFunction::erf);
    unary(table, Exp.class, Math::exp);
    unary(table, Log.class, Math::log);
    unary(table, Neg.class, x -> -x);
    unary(table, Relu.class, x -> Math.max(x, 0));
    unary(table, Round.class, Math::rint);
    unary(table, Sigmoid.class, ElementwiseKernels::sigmoid);
    unary(table, Sin.class, Math::sin);
    unary(table, Sinh.class, Math::sinh);
    unary(table, Softplus.class, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    unary(table, Sqrt.class, Math::sqrt);
    unary(table, Tanh.class, Math::tanh);
    unaryOf(table, Elu.class, elu -> x -> x > 0 ? x : elu.alpha() * Math.expm1(x));
    unaryOf(table, LeakyRelu.class, leaky -> x -> x > 0 ? x : leaky.alpha() * x);
    unaryOf(table, Power.class, power -> x -> Math.pow(x, power.exponent()));
    binary(table, Add.class, Double::sum);
    binary(table, Div.class, (a, b) -> a / b);
    binary(table, Greater.class, (a, b) -> a > b ? 1 : 0);
    binary(table, Max.class, Math::max);
    binary(table, Min.class, Math::min);
    binary(table, Mul.class, (a, b) -> a * b);
    binary(table, Pow.class, Math::pow);
    binary(table, Sub.class, (a, b) -> a - b);
    table.add(Select.class, ElementwiseKernels::select);
  }

  private static double[] select(
      Select select, List<double[]> operands, List<Shape> shapes, Shape result) {
    double[] y = operands.get(2).clone();
    for (int i = 0; i < y.length; i++) {
      if (operands.get(0)[i] > 0.5) {
        y[i] = operands.get(1)[i];
      }
    }
    return y;
  }

  /** ln(|x| + sqrt(1 + x x)) as a logarithm of 1 + what is small where x is; x x may overflow. */
  private static double asinh(double x) {
    double size = Math.abs(x);
    double beyond = size * size / (1 + Math.hypot(1, size));
    double y = size < 1e8 ? Math.log1p(size + beyond) : Math.log(size) + Math.log(2);
    return Math.copySign(y, x);
  }

  private static double sigmoid(double x) {
    double small = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + small) : small / (1 + small);
  }

  private static <P extends Primitive> void unary(
      ReferenceKernels.Table table, Class<P> type, DoubleUnaryOperator f) {
    unaryOf(table, type, primitive -> f);
  }

  private static <P extends Primitive> void unaryOf(
      ReferenceKernels.Table table, Class<P> type, Function<P, DoubleUnaryOperator> function) {
    table.add(
        type,
        (primitive, operands, shapes, result) -> {
          DoubleUnaryOperator f = function.apply(primitive);
          double[] x = operands.get(0);
          double[] y = new double[x.length];
          for (int i = 0; i < y.length; i++) {
            y[i] = f.applyAsDouble(x[i]);
          }
          return y;
        });
  }

  private static <P extends Primitive> void binary(
      ReferenceKernels.Table table, Class<P> type, DoubleBinaryOperator f) {
    table.add(
        type,
        (primitive, operands, shapes, result) -> {
          double[] a = operands.get(0);
          double[] b = operands.get(1);
          double[] y = new double[a.length];
          for (int i = 0; i < y.length; i++) {
            y[i] = f.applyAsDouble(a[i], b[i]);
          }
          return y;
        });
  }
}
