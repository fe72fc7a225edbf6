package dev.tangents.importer.onnx;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Asinh;
import dev.tangents.op.elementwise.Atan;
import dev.tangents.op.elementwise.Cos;
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
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Round;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Sinh;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.nn.Activations;
import dev.tangents.op.nn.Angles;
import dev.tangents.op.nn.Steps;
import java.util.function.BinaryOperator;

/** Operators that act on each element: arithmetic with broadcasting, activations, clipping. */
final class ElementwiseOps {
  private ElementwiseOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.unary("Abs", (x, call) -> Abs.abs(x));
    table.unary("Acos", (x, call) -> Angles.acos(x));
    table.unary("Acosh", (x, call) -> Angles.acosh(x));
    table.unary("Asin", (x, call) -> Angles.asin(x));
    table.unary("Asinh", (x, call) -> Asinh.asinh(x));
    table.unary("Atan", (x, call) -> Atan.atan(x));
    table.unary("Atanh", (x, call) -> Angles.atanh(x));
    table.unary("Ceil", (x, call) -> Steps.ceil(x));
    table.unary("Cos", (x, call) -> Cos.cos(x));
    table.unary("Cosh", (x, call) -> Sinh.cosh(x));
    table.unary("Erf", (x, call) -> Erf.erf(x));
    table.unary("Exp", (x, call) -> Exp.exp(x));
    table.unary("Floor", (x, call) -> Steps.floor(x));
    table.unary("Log", (x, call) -> Log.log(x));
    table.unary("Neg", (x, call) -> Neg.neg(x));
    table.unary("Reciprocal", (x, call) -> Power.power(x, -1));
    table.unary("Relu", (x, call) -> Relu.relu(x));
    table.unary("Round", (x, call) -> Round.round(x));
    table.unary("Sigmoid", (x, call) -> Sigmoid.sigmoid(x));
    table.unary("Sign", (x, call) -> Steps.sign(x));
    table.unary("Sin", (x, call) -> Sin.sin(x));
    table.unary("Sinh", (x, call) -> Sinh.sinh(x));
    table.unary("Softplus", (x, call) -> Softplus.softplus(x));
    table.unary("Sqrt", (x, call) -> Sqrt.sqrt(x));
    table.unary("Tan", (x, call) -> Angles.tan(x));
    table.unary("Tanh", (x, call) -> Tanh.tanh(x));
    table.unary("Elu", (x, call) -> Elu.elu(x, call.number("alpha", 1)));
    table.unary("LeakyRelu", (x, call) -> LeakyRelu.leakyRelu(x, call.number("alpha", 0.01)));
    table.unary("Selu", ElementwiseOps::selu);
    table.unary("Celu", ElementwiseOps::celu);
    table.unary("Gelu", ElementwiseOps::gelu);
    table.unary("Mish", (x, call) -> mul(x, Tanh.tanh(Softplus.softplus(x))));
    table.unary("Softsign", (x, call) -> Div.div(x, shift(Abs.abs(x), 1)));
    table.unary(
        "HardSigmoid",
        (x, call) -> hardSigmoid(x, call.number("alpha", 0.2), call.number("beta", 0.5)));
    table.unary("HardSwish", (x, call) -> mul(x, hardSigmoid(x, 1.0 / 6, 0.5)));
    table.same("PRelu", ElementwiseOps::prelu);
    table.same("Clip", ElementwiseOps::clip);
    arithmetic(table, "Add", Add::add);
    arithmetic(table, "Sub", Sub::sub);
    arithmetic(table, "Mul", Mul::mul);
    table.one("Div", ElementwiseOps::div);
    table.one("Pow", ElementwiseOps::pow);
    arithmetic(table, "Max", Max::max);
    arithmetic(table, "Min", Min::min);
    arithmetic(table, "Sum", Add::add);
    table.one(
        "Mean",
        call -> {
          Tensor sum = folded(call, Add::add);
          return sum.with(scale(sum.value(), 1.0 / call.count()));
        });
  }

  /** Both operands, repeated to their common shape, joined by {@code rule}. */
  static Value together(Value a, Value b, BinaryOperator<Value> rule) {
    Shape shape = Broadcasting.common(a.shape(), b.shape());
    return rule.apply(Broadcasting.to(a, shape), Broadcasting.to(b, shape));
  }

  /** What the result of arithmetic is meant as: real if any operand is. */
  static Tensor.Kind kind(NodeCall call) {
    for (int i = 0; i < call.count(); i++) {
      if (call.tensor(i).kind() == Tensor.Kind.REAL) {
        return Tensor.Kind.REAL;
      }
    }
    return Tensor.Kind.INT;
  }

  private static void arithmetic(OpTable table, String operator, BinaryOperator<Value> rule) {
    table.one(operator, call -> folded(call, rule));
  }

  private static Tensor folded(NodeCall call, BinaryOperator<Value> rule) {
    Value result = call.value(0);
    for (int i = 1; i < call.count(); i++) {
      result = together(result, call.value(i), rule);
    }
    return new Tensor(result, kind(call));
  }

  /** Integers divide towards zero, which has no derivative: known ones alone. */
  private static Tensor div(NodeCall call) {
    return kind(call) == Tensor.Kind.REAL
        ? folded(call, Div::div)
        : KnownOps.pairs(call, Tensor.Kind.INT, (a, b) -> KnownOps.truncated(a / b));
  }

  private static Tensor pow(NodeCall call) {
    Tensor base = call.tensor(0);
    if (call.tensor(1).isKnown() && call.value(1).shape().size() == 1) {
      Shape shape = Broadcasting.common(base.shape(), call.value(1).shape());
      return base.with(Power.power(Broadcasting.to(base.value(), shape), call.number(1)));
    }
    return base.with(together(base.value(), call.value(1), Pow::pow));
  }

  /**
   * Klambauer et al., Self-Normalizing Neural Networks, 2017, eq. 14. ONNX's defaults are these
   * numbers rounded to floats, which is 5e-8 off.
   */
  private static Value selu(Value x, NodeCall call) {
    double alpha = call.number("alpha", 1.6732632423543772);
    return scale(Elu.elu(x, alpha), call.number("gamma", 1.0507009873554805));
  }

  /** max(0, x) + min(0, alpha (e^(x / alpha) - 1)), which is alpha elu(x / alpha). */
  private static Value celu(Value x, NodeCall call) {
    double alpha = call.number("alpha", 1);
    return scale(Elu.elu(scale(x, 1 / alpha), 1), alpha);
  }

  private static Value gelu(Value x, NodeCall call) {
    String form = call.text("approximate", "none");
    return switch (form) {
      case "none" -> Activations.gelu(x);
      case "tanh" -> Activations.geluTanh(x);
      default ->
          throw TangentsException.model(
              "attribute 'approximate' is '%s'; expected 'none' or 'tanh'", form);
    };
  }

  /** max(0, min(1, alpha x + beta)). */
  private static Value hardSigmoid(Value x, double alpha, double beta) {
    Value line = shift(scale(x, alpha), beta);
    return between(line, x.builder().splat(x.shape(), 0), x.builder().splat(x.shape(), 1));
  }

  /** x where x is positive, slope x elsewhere: relu(x) - slope relu(-x). */
  private static Value prelu(NodeCall call) {
    Value x = call.value(0);
    Value slope = Broadcasting.to(call.value(1), x.shape());
    return Sub.sub(Relu.relu(x), mul(slope, Relu.relu(Neg.neg(x))));
  }

  private static Value clip(NodeCall call) {
    Value x = call.value(0);
    Value result = x;
    if (call.has(1)) {
      result = Max.max(result, Broadcasting.to(call.value(1), x.shape()));
    }
    return call.has(2) ? Min.min(result, Broadcasting.to(call.value(2), x.shape())) : result;
  }

  /** Clips x; at a bound the first operand takes the derivative, so x does. */
  private static Value between(Value x, Value low, Value high) {
    return Min.min(Max.max(x, low), high);
  }
}
