package dev.tangents.udfs.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.udfs.function.DerivativeExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/** Finds calls in expressions. */
final class Calls {
  private Calls() {}

  /** Whether there is a call in the expression. */
  static boolean in(Expression expression) {
    return expression instanceof DerivativeExpression || anyChild(expression, Calls::in);
  }

  /** Whether an operator's own expressions have calls that are still to be taken out. */
  static boolean in(LogicalPlan plan) {
    return !(plan instanceof EvalDerivatives)
        && CollectionConverters.asJava(plan.expressions()).stream().anyMatch(Calls::in);
  }

  /** The calls of an operator that have no call in their arguments, from left to right. */
  static List<DerivativeExpression> innermost(LogicalPlan plan) {
    List<DerivativeExpression> found = new ArrayList<>();
    CollectionConverters.asJava(plan.expressions()).forEach(e -> collect(e, found::add));
    return found;
  }

  /** The calls in an expression that have no call in their arguments. */
  static List<DerivativeExpression> innermost(Expression expression) {
    List<DerivativeExpression> found = new ArrayList<>();
    collect(expression, found::add);
    return found;
  }

  private static void collect(Expression expression, Consumer<DerivativeExpression> found) {
    if (expression instanceof LambdaFunction lambda && in(lambda)) {
      // What it takes is no column, but changes with every element of an array.
      throw TangentsException.user(
          "%s: a function cannot be called for each element of an array. Give each a row of its own with explode",
          lambda.sql());
    }
    if (expression instanceof DerivativeExpression call && !anyChild(call, Calls::in)) {
      found.accept(call);
    } else {
      CollectionConverters.asJava(expression.children()).forEach(child -> collect(child, found));
    }
  }

  private static boolean anyChild(Expression expression, Predicate<Expression> test) {
    return CollectionConverters.asJava(expression.children()).stream().anyMatch(test);
  }
}
