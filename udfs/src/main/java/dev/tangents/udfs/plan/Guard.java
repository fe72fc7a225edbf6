package dev.tangents.udfs.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows in which an expression is evaluated: those for which all conditions hold.
 *
 * @param conditions true or false in each row, never null
 */
record Guard(List<Expression> conditions) {
  /** All rows. */
  static final Guard ALL = new Guard(List.of());

  Guard {
    conditions = List.copyOf(conditions);
  }

  /**
   * The rows of this guard for which another condition holds too; all its rows, if that condition
   * may have another value, or none, where it is evaluated for a second time.
   */
  Guard and(Expression condition) {
    if (!condition.deterministic() || isBoundToItsPlace(condition)) {
      return this;
    }
    List<Expression> more = new ArrayList<>(conditions);
    more.add(condition);
    return new Guard(more);
  }

  /** The rows of a plan: conditions over other columns are left out. */
  Guard over(LogicalPlan plan) {
    return new Guard(
        conditions.stream().filter(c -> c.references().subsetOf(plan.outputSet())).toList());
  }

  /** These rows and more: conditions that have calls are left out. */
  Guard withoutCalls() {
    return new Guard(conditions.stream().filter(condition -> !Calls.in(condition)).toList());
  }

  /** The guards that have rows which no other of them has, as far as their conditions show. */
  static List<Guard> widest(List<Guard> guards) {
    List<Guard> widest = new ArrayList<>();
    for (Guard guard : guards) {
      if (widest.stream().noneMatch(other -> other.includes(guard))) {
        widest.removeIf(guard::includes);
        widest.add(guard);
      }
    }
    return widest;
  }

  private boolean includes(Guard other) {
    return conditions.stream()
        .allMatch(mine -> other.conditions.stream().anyMatch(mine::semanticEquals));
  }

  /** The conditions as one; empty for all rows. */
  Optional<Expression> condition() {
    return conditions.stream().reduce(And::new);
  }

  /** Whether a boolean expression is true, or else false or null. */
  static Expression isTrue(Expression condition) {
    return condition.nullable() ? new EqualNullSafe(condition, Literal.TrueLiteral()) : condition;
  }

  /** Whether a boolean expression is false or null. */
  static Expression isNotTrue(Expression condition) {
    return new Not(isTrue(condition));
  }

  /** Whether a boolean expression is true or null. */
  static Expression isNotFalse(Expression condition) {
    return condition.nullable()
        ? new Not(new EqualNullSafe(condition, Literal.FalseLiteral()))
        : condition;
  }

  /** Whether it is of other rows too, or of elements of an array. */
  private static boolean isBoundToItsPlace(Expression condition) {
    return hasFreeVariable(condition) || isOfOtherRows(condition);
  }

  private static boolean isOfOtherRows(Expression expression) {
    return expression instanceof AggregateExpression
        || expression instanceof WindowExpression
        || expression instanceof SubqueryExpression
        || CollectionConverters.asJava(expression.children()).stream()
            .anyMatch(Guard::isOfOtherRows);
  }

  /** Whether an expression takes elements of an array from a lambda around it. */
  static boolean hasFreeVariable(Expression expression) {
    return hasFreeVariable(expression, Set.of());
  }

  private static boolean hasFreeVariable(Expression expression, Set<ExprId> bound) {
    if (expression instanceof NamedLambdaVariable variable) {
      return !bound.contains(variable.exprId());
    }
    Set<ExprId> inside = bound;
    if (expression instanceof LambdaFunction lambda) {
      inside = new HashSet<>(bound);
      for (NamedExpression argument : CollectionConverters.asJava(lambda.arguments())) {
        inside.add(argument.exprId());
      }
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      if (hasFreeVariable(child, inside)) {
        return true;
      }
    }
    return false;
  }
}
