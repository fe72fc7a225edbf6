package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/** Finds calls in expressions. */
final class Calls {
  private Calls() {}

  /** Whether there is a call in the expression. */
  static boolean in(Expression expression) {
    return expression instanceof DerivativeExpression || inChildren(expression);
  }

  /** Whether an operator's own expressions have calls that are still to be taken out. */
  static boolean in(LogicalPlan plan) {
    return !(plan instanceof EvalDerivatives)
        && CollectionConverters.asJava(plan.expressions()).stream().anyMatch(Calls::in);
  }

  /** Whether there is a call in what an expression is made of. */
  static boolean inChildren(Expression expression) {
    return anyChild(expression, Calls::in);
  }

  /** Whether there is a call of that kind in the expression. */
  static boolean any(Expression expression, Predicate<DerivativeExpression> test) {
    return (expression instanceof DerivativeExpression call && test.test(call))
        || anyChild(expression, child -> any(child, test));
  }

  private static boolean anyChild(Expression expression, Predicate<Expression> test) {
    return CollectionConverters.asJava(expression.children()).stream().anyMatch(test);
  }
}
