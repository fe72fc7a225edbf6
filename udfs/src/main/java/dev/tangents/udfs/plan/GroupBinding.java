package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/** Gives aggregates what they compute with. */
final class GroupBinding {
  private final SparkSession session;
  private final ModelStore models;

  GroupBinding(SparkSession session, ModelStore models) {
    this.session = session;
    this.models = models;
  }

  /** The operator with all aggregates of its expressions bound. */
  LogicalPlan bound(LogicalPlan plan) {
    boolean any =
        CollectionConverters.asJava(plan.expressions()).stream().anyMatch(GroupBinding::isOpen);
    return any ? plan.mapExpressions(this::bound) : plan;
  }

  private static boolean isOpen(Expression expression) {
    return (expression instanceof DerivativeAggregate aggregate && !aggregate.isBound())
        || CollectionConverters.asJava(expression.children()).stream()
            .anyMatch(GroupBinding::isOpen);
  }

  private Expression bound(Expression expression) {
    if (!isOpen(expression)) {
      return expression;
    }
    if (!(expression instanceof DerivativeAggregate aggregate)) {
      return expression.mapChildren(this::bound);
    }
    List<Expression> readable = new ArrayList<>();
    for (int i = 0; i < aggregate.arguments().size(); i++) {
      Expression argument = aggregate.arguments().get(i);
      boolean column = aggregate.form().argument(i).content().isPresent();
      readable.add(column ? Columns.readable(argument) : argument);
    }
    QuerySettings settings = QuerySettings.of(SQLConf.get());
    GroupPass pass =
        new GroupPass(
            () ->
                GroupTask.of(
                    aggregate,
                    models.get(session, aggregate.constants().model(), settings.modelBytes()),
                    settings));
    return aggregate.bound(pass, Output.seq(readable));
  }
}
