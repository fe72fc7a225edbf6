package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Takes calls over the results of an aggregate out of it, into a projection above. */
final class AggregateSplit {
  private final List<Expression> grouping;
  private final List<NamedExpression> below = new ArrayList<>();

  private AggregateSplit(Aggregate aggregate) {
    this.grouping = CollectionConverters.asJava(aggregate.groupingExpressions());
  }

  /**
   * The projection above the rest of the aggregate; the aggregate itself if nothing is to split.
   */
  static LogicalPlan of(Aggregate aggregate) {
    AggregateSplit split = new AggregateSplit(aggregate);
    List<NamedExpression> above = new ArrayList<>();
    boolean any = false;
    for (NamedExpression result : CollectionConverters.asJava(aggregate.aggregateExpressions())) {
      if (split.callsResults((Expression) result)) {
        above.add((NamedExpression) split.hoisted((Expression) result));
        any = true;
      } else {
        split.below.add(result);
        above.add(result.toAttribute());
      }
    }
    if (!any) {
      return aggregate;
    }
    // Copied by place, since releases of Spark differ in which arguments come last.
    Object[] arguments =
        CollectionConverters.asJava(aggregate.productIterator().toList()).toArray();
    arguments[1] = Output.seq(split.below);
    return new Project(Output.seq(above), aggregate.makeCopy(arguments));
  }

  private boolean callsResults(Expression expression) {
    if (isResult(expression)) {
      return false;
    }
    return expression instanceof DerivativeExpression
        || CollectionConverters.asJava(expression.children()).stream().anyMatch(this::callsResults);
  }

  private boolean isResult(Expression expression) {
    return expression instanceof AggregateExpression
        || grouping.stream().anyMatch(expression::semanticEquals);
  }

  /** The expression over columns of the aggregate. */
  private Expression hoisted(Expression expression) {
    if (!isResult(expression)) {
      return expression.mapChildren(this::hoisted);
    }
    if (expression instanceof NamedExpression column) {
      below.add(column);
      return expression;
    }
    Alias alias =
        new Alias(
            expression,
            "result",
            NamedExpression.newExprId(),
            Output.seq(List.of()),
            Option.empty(),
            Output.seq(List.of()));
    below.add(alias);
    return alias.toAttribute();
  }
}
