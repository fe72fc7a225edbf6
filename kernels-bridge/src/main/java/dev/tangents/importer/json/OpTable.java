package dev.tangents.importer.json;

import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ActivationTable;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Asinh;
import dev.tangents.op.elementwise.Atan;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.Erf;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Log;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Pow;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.elementwise.Sinh;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Angles;
import dev.tangents.op.nn.Softmax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** What a node may compute, by name. Adding one: a line here and a line in docs/model-json.md. */
final class OpTable {
  private static final Map<String, Op> BY_NAME = new Table().entries;

  private OpTable() {}

  /**
   * An operation.
   *
   * @param least fewest operands
   * @param most most operands
   * @param rule builds its nodes from operands and attributes
   */
  record Op(int least, int most, Rule rule) {}

  /** Builds an operation's nodes. */
  interface Rule {
    Value apply(List<Value> operands, Attributes attributes);
  }

  /**
   * Applies the operation {@code name}.
   *
   * @throws TangentsException of category MODEL if it is not known or the operands do not fit
   */
  static Value apply(String name, List<Value> operands, Attributes attributes) {
    Op op = BY_NAME.get(name);
    if (op == null) {
      throw TangentsException.model("unknown op; expected one of %s", BY_NAME.keySet());
    }
    if (operands.size() < op.least() || operands.size() > op.most()) {
      throw TangentsException.model(
          "expected %s operands, got %d",
          op.least() == op.most() ? "" + op.least() : op.least() + " to " + op.most(),
          operands.size());
    }
    return op.rule().apply(operands, attributes);
  }

  /** Fills the table; its map is never changed afterwards. */
  private static final class Table {
    private static final int MANY = 1000;
    final Map<String, Op> entries = new TreeMap<>();

    Table() {
      ActivationTable.names().forEach(n -> unary(n, ActivationTable.find(n).orElseThrow()));
      unary("acos", Angles::acos);
      unary("acosh", Angles::acosh);
      unary("asin", Angles::asin);
      unary("asinh", Asinh::asinh);
      unary("atan", Atan::atan);
      unary("atanh", Angles::atanh);
      unary("cosh", Sinh::cosh);
      unary("erf", Erf::erf);
      unary("exp", Exp::exp);
      unary("log", Log::log);
      unary("neg", Neg::neg);
      unary("sinh", Sinh::sinh);
      unary("sqrt", Sqrt::sqrt);
      unary("tan", Angles::tan);
      unary("elu", (x, a) -> Elu.elu(x, a.number("alpha", 1)));
      unary(
          "leaky-relu",
          (x, a) -> LeakyRelu.leakyRelu(x, a.number("slope", ActivationTable.LEAKY_SLOPE)));
      unary("power", (x, a) -> Power.power(x, a.number("exponent")));
      unary("scale", (x, a) -> Mul.scale(x, a.number("by")));
      unary("shift", (x, a) -> Add.shift(x, a.number("by")));
      binary("add", Add::add);
      binary("div", Div::div);
      binary("max", Max::max);
      binary("min", Min::min);
      binary("mul", Mul::mul);
      binary("pow", Pow::pow);
      binary("sub", Sub::sub);
      entries.put("dense", new Op(2, 3, OpTable::dense));
      entries.put("matmul", new Op(2, 2, OpTable::product));
      unary("reshape", (x, a) -> reshape(x, a.shape("shape")));
      unary("transpose", (x, a) -> Transpose.transpose(x, a.axes("permutation")));
      unary("broadcast", (x, a) -> Broadcast.broadcast(x, a.shape("shape"), a.axes("axes")));
      unary("slice", OpTable::slice);
      entries.put("concat", new Op(1, MANY, OpTable::concat));
      unary("sum", (x, a) -> Sum.sum(x, a.axes("axes")));
      unary("mean", OpTable::mean);
      unary("reduce-max", (x, a) -> ReduceMax.reduceMax(x, a.axis("axis")));
      unary("reduce-min", (x, a) -> ReduceMax.reduceMin(x, a.axis("axis")));
      unary("logsumexp", (x, a) -> LogSumExp.logSumExp(x, a.axis("axis")));
      unary("softmax", (x, a) -> Softmax.softmax(x, a.axis("axis", -1)));
      unary("log-softmax", (x, a) -> Softmax.logSoftmax(x, a.axis("axis", -1)));
    }

    private void unary(String name, UnaryOperator<Value> rule) {
      entries.put(name, new Op(1, 1, (x, a) -> rule.apply(x.get(0))));
    }

    private void unary(String name, java.util.function.BiFunction<Value, Attributes, Value> rule) {
      entries.put(name, new Op(1, 1, (x, a) -> rule.apply(x.get(0), a)));
    }

    private void binary(String name, BinaryOperator<Value> rule) {
      entries.put(name, new Op(2, 2, (x, a) -> rule.apply(x.get(0), x.get(1))));
    }
  }

  /** x W + b; with {@code transpose}, W is stored [out, in]. */
  private static Value dense(List<Value> x, Attributes attributes) {
    Value y = product(x.get(0), x.get(1), false, attributes.flag("transpose"));
    return x.size() == 2 ? y : Add.add(y, x.get(2));
  }

  private static Value product(List<Value> x, Attributes attributes) {
    return product(
        x.get(0), x.get(1), attributes.flag("transpose-left"), attributes.flag("transpose-right"));
  }

  /**
   * The product by the rules of NumPy's matmul: a vector is a row on the left and a column on the
   * right.
   */
  private static Value product(Value a, Value b, boolean transposeA, boolean transposeB) {
    boolean row = a.shape().rank() == 1;
    boolean column = b.shape().rank() == 1;
    Value left = row ? reshape(a, 1, a.shape().size()) : a;
    Value right = column ? reshape(b, b.shape().size(), 1) : b;
    boolean plain = (row || !transposeA) && (column || !transposeB);
    Value y =
        plain
            ? matMul(left, right)
            : a.builder().apply(new MatMul(!row && transposeA, !column && transposeB), left, right);
    Shape shape = y.shape();
    if (column) {
      shape = shape.remove(-1);
    }
    if (row) {
      shape = shape.remove(column ? -1 : -2);
    }
    return reshape(y, shape);
  }

  private static Value slice(Value x, Attributes attributes) {
    int axis = x.shape().normalise(attributes.axis("axis"));
    return Slice.slice(x, axis, attributes.integer("start"), attributes.integer("end"));
  }

  private static Value concat(List<Value> parts, Attributes attributes) {
    return Concat.concat(parts, parts.get(0).shape().normalise(attributes.axis("axis")));
  }

  private static Value mean(Value x, Attributes attributes) {
    return Sum.mean(x, attributes.axes("axes").stream().mapToInt(Integer::intValue).toArray());
  }
}
