package dev.tangents.exec.cuda;

import static dev.tangents.exec.cuda.code.Reals.apply;
import static dev.tangents.exec.cuda.code.Reals.real;
import static dev.tangents.exec.cuda.code.Reals.select;
import static dev.tangents.exec.cuda.code.Reals.test;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.ir.Primitive;
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

/** Elementwise primitives as formulas of one to three numbers. */
final class PointwisePulls {
  private PointwisePulls() {}

  /** A formula of one number. */
  @FunctionalInterface
  private interface Formula<P> {
    Expr of(P primitive, Expr x, Body body);
  }

  /** Adds this family. */
  static void register(CudaLowerings.Table table) {
    unary(table, Abs.class, Op.ABS);
    unary(table, Asinh.class, Op.ASINH);
    unary(table, Atan.class, Op.ATAN);
    unary(table, Cos.class, Op.COS);
    unary(table, Erf.class, Op.ERF);
    unary(table, Exp.class, Op.EXP);
    unary(table, Log.class, Op.LOG);
    unary(table, Neg.class, Op.NEG);
    unary(table, Round.class, Op.RINT);
    unary(table, Sin.class, Op.SIN);
    unary(table, Sinh.class, Op.SINH);
    unary(table, Sqrt.class, Op.SQRT);
    unary(table, Tanh.class, Op.TANH);
    formula(table, Relu.class, (relu, x, body) -> apply(Op.MAX, x, real(0)));
    formula(table, Sigmoid.class, (sigmoid, x, body) -> sigmoid(x, body));
    formula(
        table,
        Softplus.class,
        (softplus, x, body) -> apply(Op.ADD, apply(Op.MAX, x, real(0)), apply(Op.LOG1P, decay(x))));
    formula(
        table,
        Elu.class,
        (elu, x, body) ->
            select(positive(x), x, apply(Op.MUL, real(elu.alpha()), apply(Op.EXPM1, x))));
    formula(
        table,
        LeakyRelu.class,
        (leaky, x, body) -> select(positive(x), x, apply(Op.MUL, real(leaky.alpha()), x)));
    formula(table, Power.class, (power, x, body) -> power(power.exponent(), x));
    binary(table, Add.class, Op.ADD);
    binary(table, Div.class, Op.DIV);
    binary(table, Max.class, Op.MAX);
    binary(table, Min.class, Op.MIN);
    binary(table, Mul.class, Op.MUL);
    binary(table, Pow.class, Op.POW);
    binary(table, Sub.class, Op.SUB);
    table.pull(
        Greater.class,
        (greater, reader, i) ->
            select(test(Op.LESS, reader.operand(1, i), reader.operand(0, i)), real(1), real(0)));
    table.pull(
        Select.class,
        (select, reader, i) ->
            select(
                test(Op.LESS, real(0.5), reader.operand(0, i)),
                reader.operand(1, i),
                reader.operand(2, i)));
  }

  /** 1 / (1 + e^-x), with the exponential of a number that is not positive. */
  private static Expr sigmoid(Expr x, Body body) {
    Expr small = body.let(decay(x));
    Expr above = select(test(Op.LESS, x, real(0)), small, real(1));
    return apply(Op.DIV, above, apply(Op.ADD, real(1), small));
  }

  /** e^-|x|. */
  private static Expr decay(Expr x) {
    return apply(Op.EXP, apply(Op.NEG, apply(Op.ABS, x)));
  }

  private static Expr positive(Expr x) {
    return test(Op.LESS, real(0), x);
  }

  /** Small whole powers as products and quotients. */
  private static Expr power(double exponent, Expr x) {
    if (exponent == 2) {
      return apply(Op.MUL, x, x);
    }
    if (exponent == 3) {
      return apply(Op.MUL, apply(Op.MUL, x, x), x);
    }
    return exponent == -1 ? apply(Op.DIV, real(1), x) : apply(Op.POW, x, real(exponent));
  }

  private static <P extends Primitive> void unary(CudaLowerings.Table table, Class<P> type, Op op) {
    formula(table, type, (primitive, x, body) -> apply(op, x));
  }

  private static <P extends Primitive> void formula(
      CudaLowerings.Table table, Class<P> type, Formula<P> formula) {
    table.pull(
        type, (primitive, reader, i) -> formula.of(primitive, reader.operand(0, i), reader.body()));
  }

  private static <P extends Primitive> void binary(
      CudaLowerings.Table table, Class<P> type, Op op) {
    table.pull(
        type, (primitive, reader, i) -> apply(op, reader.operand(0, i), reader.operand(1, i)));
  }
}
