package dev.tangents.op;

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
import dev.tangents.op.index.Gather;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.linalg.Cofactor;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.Inverse;
import dev.tangents.op.linalg.LogAbsDet;
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

/**
 * The list of all primitives. Tests walk it: each entry must have a lowering in every engine and a
 * line in the test table, and the one that is missing is named.
 */
public final class Primitives {
  private static final List<Class<? extends Primitive>> STANDARD =
      List.of(
          Abs.class,
          Add.class,
          Asinh.class,
          Atan.class,
          Broadcast.class,
          Cofactor.class,
          Concat.class,
          Cos.class,
          Det.class,
          DetSign.class,
          Div.class,
          Elu.class,
          Erf.class,
          Exp.class,
          FirstMax.class,
          Gather.class,
          Greater.class,
          Inverse.class,
          LeakyRelu.class,
          Log.class,
          LogAbsDet.class,
          LogSumExp.class,
          MatMul.class,
          Max.class,
          Min.class,
          Mul.class,
          Neg.class,
          Pow.class,
          Power.class,
          ReduceMax.class,
          Relu.class,
          Reshape.class,
          Round.class,
          ScatterAdd.class,
          Select.class,
          Sigmoid.class,
          Sin.class,
          Sinh.class,
          Slice.class,
          Softplus.class,
          Sqrt.class,
          StridedAdd.class,
          StridedView.class,
          Sub.class,
          Sum.class,
          Tanh.class,
          Transpose.class);

  private Primitives() {}

  /** Every primitive, in alphabetical order. */
  public static List<Class<? extends Primitive>> standard() {
    return STANDARD;
  }
}
