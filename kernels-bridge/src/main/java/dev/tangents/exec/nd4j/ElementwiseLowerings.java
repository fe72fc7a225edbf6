package dev.tangents.exec.nd4j;

import dev.tangents.exec.Precision;
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
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.scalar.LeakyReLU;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarDivision;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarReverseDivision;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarReverseSubtraction;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarSubtraction;

/**
 * Elementwise primitives. ND4J computes what it computes right without allocating: functions of one
 * number and operations with a number. Java computes the rest; each says why.
 */
final class ElementwiseLowerings {
  private ElementwiseLowerings() {}

  /** Makes an ND4J operation with a number: z_i = f(x_i, c). */
  @FunctionalInterface
  private interface WithNumber {
    Op make(INDArray x, INDArray z, double number);
  }

  /**
   * From so many numbers on ND4J's operations with a number are quicker than loops in Java: 0.14
   * against 0.2 ns a number, after 3 to 40 us that a call takes.
   */
  private static final int LONG = 1 << 17;

  private static final WithNumber PLUS = (x, z, c) -> new ScalarAdd(x, null, z, c);
  private static final WithNumber MINUS = (x, z, c) -> new ScalarSubtraction(x, null, z, c);
  private static final WithNumber FROM = (x, z, c) -> new ScalarReverseSubtraction(x, null, z, c);
  private static final WithNumber TIMES = (x, z, c) -> new ScalarMultiplication(x, null, z, c);
  private static final WithNumber OVER = (x, z, c) -> new ScalarDivision(x, null, z, c);
  private static final WithNumber INTO = (x, z, c) -> new ScalarReverseDivision(x, null, z, c);
  private static final WithNumber ABOVE =
      (x, z, c) -> new org.nd4j.linalg.api.ops.impl.scalar.Step(x, z, c);

  /** The lowerings of this family. */
  static List<Lowering<?>> all() {
    return List.of(
        nd4j(Abs.class, abs -> org.nd4j.linalg.api.ops.impl.transforms.same.Abs::new),
        nd4j(Atan.class, atan -> org.nd4j.linalg.api.ops.impl.transforms.strict.ATan::new),
        nd4j(Cos.class, cos -> org.nd4j.linalg.api.ops.impl.transforms.strict.Cos::new),
        nd4j(Erf.class, erf -> org.nd4j.linalg.api.ops.impl.transforms.strict.Erf::new),
        nd4j(Exp.class, exp -> org.nd4j.linalg.api.ops.impl.transforms.strict.Exp::new),
        nd4j(Log.class, log -> org.nd4j.linalg.api.ops.impl.transforms.strict.Log::new),
        withNumber(Neg.class, PairKernel.MUL, -1),
        nd4j(Sigmoid.class, s -> org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid::new),
        nd4j(Sin.class, sin -> org.nd4j.linalg.api.ops.impl.transforms.strict.Sin::new),
        nd4j(Sinh.class, sinh -> org.nd4j.linalg.api.ops.impl.transforms.strict.Sinh::new),
        nd4j(Sqrt.class, sqrt -> org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt::new),
        withNumber(Relu.class, PairKernel.MAX, 0),
        nd4j(LeakyRelu.class, leaky -> (x, z) -> new LeakyReLU(x, z, leaky.alpha())),
        new Lowering<>(Power.class, true, true, ElementwiseLowerings::power),
        // ND4J's tanh and expm1 cancel near 0; its elu allocates a context a call.
        java(Elu.class, elu -> x -> x > 0 ? x : elu.alpha() * Math.expm1(x)),
        new Lowering<>(Tanh.class, true, true, (tanh, call) -> tanh(call)),
        java(Round.class, round -> Math::rint),
        // ND4J's asinh cancels near 0 and below it.
        java(Asinh.class, asinh -> Functions::asinh),
        // ND4J forms ln(1 + e^x), which overflows.
        java(Softplus.class, softplus -> Functions::softplus),
        pair(Add.class, PairKernel.ADD, PLUS, PLUS),
        pair(Sub.class, PairKernel.SUB, MINUS, FROM),
        pair(Mul.class, PairKernel.MUL, TIMES, TIMES),
        pair(Div.class, PairKernel.DIV, OVER, INTO),
        pair(Greater.class, PairKernel.GREATER, ABOVE, null),
        pair(Max.class, PairKernel.MAX, null, null),
        pair(Min.class, PairKernel.MIN, null, null),
        pair(Pow.class, PairKernel.POW, null, null),
        new Lowering<>(Select.class, true, true, (select, call) -> select(call)));
  }

  /** A loop that reads what is chosen alone: the other operand may be infinite. */
  private static Step select(Call call) {
    Operand condition = call.operand(0);
    Operand a = call.operand(1);
    Operand b = call.operand(2);
    return frame -> {
      NativeBuffer z = frame.at(call.slot());
      for (int i = 0; i < z.length(); i++) {
        z.put(i, number(frame, number(frame, condition, i) > 0.5 ? a : b, i));
      }
    };
  }

  private static double number(Frame frame, Operand operand, int i) {
    return operand.isSplat() ? operand.splat() : frame.at(operand.slot()).at(i);
  }

  private static <P extends Primitive> Lowering<P> nd4j(
      Class<P> type, Function<P, BiFunction<INDArray, INDArray, Op>> operation) {
    return new Lowering<>(
        type,
        true,
        true,
        (primitive, call) ->
            new Nd4jStep(operation.apply(primitive), call.operand(0).slot(), call.slot()));
  }

  private static <P extends Primitive> Lowering<P> java(
      Class<P> type, Function<P, DoubleUnaryOperator> function) {
    return new Lowering<>(
        type, true, true, (primitive, call) -> mapped(function.apply(primitive), call));
  }

  /** A function of one number that is one of two with the other fixed. */
  private static <P extends Primitive> Lowering<P> withNumber(
      Class<P> type, PairKernel kernel, double number) {
    Lowering.Pairing pairing =
        operands -> {
          Operand x = operands.get(0);
          return new PairStep.Link(kernel, x, Operand.splat(number, x.shape()));
        };
    return paired(type, pairing, (primitive, call) -> alone(pairing, call));
  }

  private static Step tanh(Call call) {
    boolean single = call.scratch().precision() == Precision.FLOAT;
    return single ? new WideStep(Functions::tanhForFloat, call) : mapped(Functions::tanh, call);
  }

  private static Step mapped(DoubleUnaryOperator f, Call call) {
    return new WideStep(
        (line, n) -> {
          for (int i = 0; i < n; i++) {
            line[i] = f.applyAsDouble(line[i]);
          }
        },
        call);
  }

  /** Small integer powers as products: a logarithm costs 20 times as much. */
  private static Step power(Power power, Call call) {
    if (power.exponent() == 2) {
      Operand x = call.operand(0);
      return new PairStep(List.of(new PairStep.Link(PairKernel.MUL, x, x)), call);
    }
    if (power.exponent() == 3) {
      return mapped(x -> x * x * x, call);
    }
    double exponent = power.exponent();
    return new Nd4jStep(
        (x, z) -> new org.nd4j.linalg.api.ops.impl.scalar.Pow(x, z, exponent),
        call.operand(0).slot(),
        call.slot());
  }

  /**
   * A function of two numbers.
   *
   * @param right ND4J's operation where the right operand is a number, or null if it has none
   * @param left ND4J's operation where the left operand is a number, or null if it has none
   */
  private static <P extends Primitive> Lowering<P> pair(
      Class<P> type, PairKernel kernel, WithNumber right, WithNumber left) {
    Lowering.Pairing pairing =
        operands -> new PairStep.Link(kernel, operands.get(0), operands.get(1));
    return paired(
        type,
        pairing,
        (primitive, call) -> {
          Operand a = call.operand(0);
          Operand b = call.operand(1);
          boolean nd4j = call.size() >= LONG && a.repeat() == null && b.repeat() == null;
          if (nd4j && b.isSplat() && right != null) {
            return new Nd4jStep((x, z) -> right.make(x, z, b.splat()), a.slot(), call.slot());
          }
          if (nd4j && a.isSplat() && left != null) {
            return new Nd4jStep((x, z) -> left.make(x, z, a.splat()), b.slot(), call.slot());
          }
          return alone(pairing, call);
        });
  }

  private static <P extends Primitive> Lowering<P> paired(
      Class<P> type, Lowering.Pairing pairing, Lowering.Maker<P> maker) {
    return new Lowering<>(type, true, true, true, maker, pairing);
  }

  private static Step alone(Lowering.Pairing pairing, Call call) {
    return new PairStep(List.of(pairing.of(call.operands())), call);
  }
}
