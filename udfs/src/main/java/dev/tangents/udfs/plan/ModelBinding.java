package dev.tangents.udfs.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.udfs.function.Call;
import dev.tangents.udfs.function.Columns;
import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.SparkErrors;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Brings calls and their models together while a query is planned, so that what does not fit is
 * said before anything runs.
 */
final class ModelBinding {
  private final SparkSession session;
  private final ModelStore models;

  ModelBinding(SparkSession session, ModelStore models) {
    this.session = session;
    this.models = models;
  }

  /**
   * Refuses calls of one pass that do not fit their model, or together not the memory.
   *
   * @return bytes of what they take of a row and give
   */
  EvalDerivatives.RowSizes requireFit(List<DerivativeExpression> calls) {
    PassPlan.Pass pass = fitting(calls);
    long taken = pass.slots().stream().mapToLong(Slot::bytes).sum();
    long given = Math.multiplyExact(pass.numbers(), (long) pass.spec().precision().bytes());
    return new EvalDerivatives.RowSizes(taken, given);
  }

  private PassPlan.Pass fitting(List<DerivativeExpression> calls) {
    return SparkErrors.planning(
        calls.get(0).origin(),
        () -> {
          try {
            return plan(calls);
          } catch (TangentsException e) {
            // The first that does not fit by itself is to blame.
            calls.forEach(call -> SparkErrors.planning(call, () -> plan(List.of(call))));
            throw e;
          }
        });
  }

  private PassPlan.Pass plan(List<DerivativeExpression> calls) {
    QuerySettings settings = QuerySettings.of(SQLConf.get());
    return PassPlan.of(calls, model(calls.get(0), settings).loaded(), settings);
  }

  private ModelStore.Sent model(Call call, QuerySettings settings) {
    return models.get(session, call.constants().model(), settings.modelBytes());
  }

  /** The operator with all aggregates of its expressions bound. */
  LogicalPlan bound(LogicalPlan plan) {
    boolean any =
        CollectionConverters.asJava(plan.expressions()).stream().anyMatch(ModelBinding::isOpen);
    return any ? plan.mapExpressions(this::bound) : plan;
  }

  private static boolean isOpen(Expression expression) {
    return (expression instanceof DerivativeAggregate aggregate && !aggregate.isBound())
        || CollectionConverters.asJava(expression.children()).stream()
            .anyMatch(ModelBinding::isOpen);
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
    return aggregate.bound(
        SparkErrors.planning(aggregate, () -> task(aggregate)), Output.seq(readable));
  }

  private GroupTask task(DerivativeAggregate aggregate) {
    QuerySettings settings = QuerySettings.of(SQLConf.get());
    return GroupTask.of(aggregate, model(aggregate, settings), settings);
  }
}
