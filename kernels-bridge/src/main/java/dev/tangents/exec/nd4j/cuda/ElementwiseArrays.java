package dev.tangents.exec.nd4j.cuda;

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
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ASinh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Rint;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Elementwise primitives as operations on whole arrays. */
final class ElementwiseArrays {
  private ElementwiseArrays() {}

  /** Adds this family's kernels. */
  static void register(ArrayKernels.Table table) {
    unary(table, Abs.class, x -> Transforms.abs(x, true));
    unary(table, Asinh.class, ElementwiseArrays::asinh);
    unary(table, Atan.class, x -> Transforms.atan(x, true));
    unary(table, Cos.class, x -> Transforms.cos(x, true));
    unary(
        table,
        Erf.class,
        x ->
            Nd4j.getExecutioner()
                .exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Erf(x, x.ulike())));
    unary(table, Exp.class, x -> Transforms.exp(x, true));
    unary(table, Log.class, x -> Transforms.log(x, true));
    unary(table, Neg.class, x -> x.neg());
    unary(table, Relu.class, x -> Transforms.max(x, 0, true));
    unary(table, Round.class, x -> Nd4j.getExecutioner().exec(new Rint(x, x.ulike())));
    unary(table, Sigmoid.class, x -> Transforms.sigmoid(x, true));
    unary(table, Sin.class, x -> Transforms.sin(x, true));
    unary(table, Sinh.class, x -> Transforms.sinh(x, true));
    unary(table, Softplus.class, ElementwiseArrays::softplus);
    unary(table, Sqrt.class, x -> Transforms.sqrt(x, true));
    unary(table, Tanh.class, x -> Transforms.tanh(x, true));
    table.add(Elu.class, (elu, operands, result) -> elu(operands.get(0), elu.alpha()));
    table.add(
        LeakyRelu.class,
        (leaky, operands, result) -> Transforms.leakyRelu(operands.get(0), leaky.alpha(), true));
    table.add(
        Power.class,
        (power, operands, result) -> Transforms.pow(operands.get(0), power.exponent(), true));
    binary(table, Add.class, INDArray::add);
    binary(table, Div.class, INDArray::div);
    binary(table, Greater.class, ElementwiseArrays::greater);
    binary(table, Max.class, (a, b) -> Transforms.max(a, b, true));
    binary(table, Min.class, (a, b) -> Transforms.min(a, b, true));
    binary(table, Mul.class, INDArray::mul);
    binary(table, Pow.class, (a, b) -> Transforms.pow(a, b, true));
    binary(table, Sub.class, INDArray::sub);
    table.add(
        Select.class,
        (select, operands, result) -> select(operands.get(0), operands.get(1), operands.get(2)));
  }

  private static INDArray greater(INDArray a, INDArray b) {
    try (INDArray mask = a.gt(b)) {
      return mask.castTo(a.dataType());
    }
  }

  private static INDArray select(INDArray condition, INDArray a, INDArray b) {
    try (INDArray mask = condition.gt(0.5)) {
      INDArray y = a.ulike();
      Nd4j.exec(DynamicCustomOp.builder("select").addInputs(mask, a, b).addOutputs(y).build());
      return y;
    }
  }

  /** The logarithm of |x| + sqrt(1 + x x), with the sign of x: of x itself it cancels below 0. */
  private static INDArray asinh(INDArray x) {
    INDArray size = Transforms.abs(x, true);
    try (INDArray sign = Transforms.sign(x, true)) {
      return Nd4j.getExecutioner().exec(new ASinh(size, size)).muli(sign);
    }
  }

  /** max(x, 0) + ln(1 + e^-|x|), which does not overflow. */
  private static INDArray softplus(INDArray x) {
    INDArray small = Transforms.exp(Transforms.abs(x, true).negi(), false);
    try (INDArray positive = Transforms.max(x, 0, true)) {
      return Transforms.log1p(small, false).addi(positive);
    }
  }

  /** max(x, 0) + alpha (e^min(x, 0) - 1). */
  private static INDArray elu(INDArray x, double alpha) {
    try (INDArray positive = Transforms.max(x, 0, true)) {
      return Transforms.expm1(Transforms.min(x, 0, true), false).muli(alpha).addi(positive);
    }
  }

  private static <P extends Primitive> void unary(
      ArrayKernels.Table table, Class<P> type, UnaryOperator<INDArray> f) {
    table.add(type, (primitive, operands, result) -> f.apply(operands.get(0)));
  }

  private static <P extends Primitive> void binary(
      ArrayKernels.Table table, Class<P> type, BinaryOperator<INDArray> f) {
    table.add(type, (primitive, operands, result) -> f.apply(operands.get(0), operands.get(1)));
  }
}
