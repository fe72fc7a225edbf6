package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Values that a plan has computed already, for a filter within it say. Filters and projections let
 * them through. An inner join does if it has them among its columns; they are not added to it, nor
 * to an exchange, for which they may be large.
 */
final class Reuse {
  private Reuse() {}

  /**
   * A value that is there.
   *
   * @param plan the same with the value among its columns
   * @param column the value
   */
  record Found(LogicalPlan plan, Attribute column) {
    private Found below(LogicalPlan parent) {
      return new Found(parent.withNewChildren(Output.seq(List.of(plan))), column);
    }
  }

  /** Where the plan has the value of a call over its columns. */
  static Optional<Found> find(DerivativeExpression call, LogicalPlan plan) {
    if (plan instanceof EvalDerivatives node) {
      return inNode(call, node).or(() -> find(call, node.child()).map(found -> found.below(node)));
    }
    if (plan instanceof Filter filter) {
      return find(call, filter.child()).map(found -> found.below(filter));
    }
    if (plan instanceof Project project) {
      return find((DerivativeExpression) below(call, project), project.child())
          .map(found -> through(project, found));
    }
    if (plan instanceof Join join && join.joinType() instanceof InnerLike) {
      return CollectionConverters.asJava(join.children()).stream()
          .flatMap(side -> find(call, side).filter(found -> found.plan() == side).stream())
          .map(found -> new Found(join, found.column()))
          .findFirst();
    }
    return Optional.empty();
  }

  private static Optional<Found> inNode(DerivativeExpression call, EvalDerivatives node) {
    List<Expression> calls = CollectionConverters.asJava(node.calls());
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).semanticEquals(call)) {
        return Optional.of(new Found(node, node.results().apply(i)));
      }
    }
    return Optional.empty();
  }

  /** An expression over columns of a projection, over those of its child. */
  private static Expression below(Expression expression, Project project) {
    if (expression instanceof Attribute attribute) {
      return CollectionConverters.asJava(project.projectList()).stream()
          .filter(column -> column.exprId().equals(attribute.exprId()))
          .map(column -> column instanceof Alias alias ? alias.child() : attribute)
          .findFirst()
          .orElse(attribute);
    }
    return expression.mapChildren(child -> below(child, project));
  }

  private static Found through(Project project, Found found) {
    List<NamedExpression> columns =
        new ArrayList<>(CollectionConverters.asJava(project.projectList()));
    for (NamedExpression column : columns) {
      if (column.exprId().equals(found.column().exprId())
          || (column instanceof Alias other && other.child().semanticEquals(found.column()))) {
        return new Found(found.below(project).plan(), column.toAttribute());
      }
    }
    columns.add(found.column());
    return new Found(new Project(Output.seq(columns), found.plan()), found.column());
  }
}
