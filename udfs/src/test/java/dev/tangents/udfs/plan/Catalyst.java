package dev.tangents.udfs.plan;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.Functions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetArrayItem;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Expressions and plans made by hand, and plans in one line. */
final class Catalyst {
  /** A network of D = O = 2. */
  static final String MODEL = "mlp:2-3-2:tanh?seed=1";

  /** Of what is taken of a row and given, by whatever calls. */
  static final EvalDerivatives.RowSizes SIZES = new EvalDerivatives.RowSizes(64, 1000);

  private Catalyst() {}

  static AttributeReference column(String name, DataType type) {
    return new AttributeReference(
        name,
        type,
        true,
        Metadata.empty(),
        NamedExpression.newExprId(),
        Output.seq(List.<String>of()));
  }

  static Literal literal(Object value) {
    return Literal$.MODULE$.apply(value);
  }

  /** A column of numbers. */
  static AttributeReference vector(String name) {
    return column(name, DataTypes.createArrayType(DataTypes.FloatType));
  }

  /** A column that is true, false or null. */
  static AttributeReference flag(String name) {
    return column(name, DataTypes.BooleanType);
  }

  /** A call of a function with the model {@link #MODEL}. */
  static DerivativeExpression call(String function, Expression... arguments) {
    return callOf(MODEL, Precision.FLOAT, function, arguments);
  }

  static DerivativeExpression callOf(
      String model, Precision precision, String function, Expression... arguments) {
    List<Expression> all = new ArrayList<>(List.of(literal(model)));
    all.addAll(List.of(arguments));
    return Functions.ofRows().stream()
        .filter(known -> known.name().equals("tangents_" + function))
        .map(known -> new DerivativeExpression(known, Output.seq(all), precision))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the first number of a call is above 0. */
  static Expression positive(DerivativeExpression call) {
    Expression first = new GetArrayItem(call, literal(0), false);
    return new GreaterThan(first, literal(0f));
  }

  /** A table without rows. */
  static LogicalPlan table(Attribute... columns) {
    return new LocalRelation(
        Output.seq(List.of(columns)), Output.seq(List.of()), false, Option.empty());
  }

  /** A plan with columns of calls' values. */
  static EvalDerivatives computed(LogicalPlan child, DerivativeExpression... calls) {
    List<Attribute> values =
        Stream.of(calls)
            .<Attribute>map(call -> column(call.prettyName(), call.dataType()))
            .toList();
    return new EvalDerivatives(Output.seq(List.of(calls)), Output.seq(values), SIZES, child);
  }

  /**
   * A plan in one line, operators with their children behind them. Of ours the calls are named,
   * with a question mark if they are computed for some rows only; {@code t} is any table. Spark
   * puts projections together and in between as it likes, so they are left out.
   */
  static String shape(LogicalPlan plan) {
    if (plan.children().isEmpty()) {
      return "t";
    }
    String children =
        CollectionConverters.asJava(plan.children()).stream()
            .map(Catalyst::shape)
            .collect(Collectors.joining(", "));
    if (plan instanceof Project) {
      return children;
    }
    String name = plan instanceof EvalDerivatives node ? "Eval" + names(node) : plan.nodeName();
    return name + "(" + children + ")";
  }

  private static List<String> names(EvalDerivatives node) {
    return CollectionConverters.asJava(node.calls()).stream()
        .map(
            call ->
                call.prettyName().replace("tangents_", "")
                    + (call.children().apply(1) instanceof If ? "?" : ""))
        .toList();
  }
}
