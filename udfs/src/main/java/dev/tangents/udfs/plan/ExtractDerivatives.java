package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.SparkErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.optimizer.ColumnPruning$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.Metadata;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Takes calls out of the operators in which they stand: an {@link EvalDerivatives} below gives
 * their values as columns, innermost calls first. Runs when Spark's own rules have moved filters
 * and projections to their places. A call that does not fit its model, or stands where it cannot be
 * computed, ends the planning with an AnalysisException.
 */
public final class ExtractDerivatives extends Rule<LogicalPlan> {
  private final ModelBinding binding;

  /** A rule of a session; calls find their models in {@code models}. */
  public ExtractDerivatives(SparkSession session, ModelStore models) {
    this.binding = new ModelBinding(session, models);
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    LogicalPlan extracted = visit(plan);
    // What the operators below do not need is left out before it is copied into a batch.
    return extracted == plan ? plan : ColumnPruning$.MODULE$.apply(extracted);
  }

  private LogicalPlan visit(LogicalPlan plan) {
    LogicalPlan visited = binding.bound(plan.mapChildren(this::visit));
    if (!Calls.in(visited)) {
      return visited;
    }
    LogicalPlan joined = Conditions.subqueriesJoined(visited);
    if (joined != visited) {
      return visit(joined);
    }
    if (visited instanceof Filter filter) {
      return extract(Conditions.cheapBelow(filter));
    }
    if (visited instanceof Join join) {
      LogicalPlan split = Conditions.bothSidesAbove(join);
      return split == join ? extract(join) : extract(split.mapChildren(this::visit));
    }
    if (visited instanceof Aggregate aggregate) {
      LogicalPlan split = AggregateSplit.of(aggregate);
      return split == aggregate ? extract(aggregate) : extract(split.mapChildren(this::extract));
    }
    return extract(visited);
  }

  private LogicalPlan extract(LogicalPlan plan) {
    LogicalPlan current = plan;
    while (Calls.in(current)) {
      current = innermost(current);
    }
    return current.output().equals(plan.output())
        ? current
        : new Project(Output.seq(CollectionConverters.asJava(plan.output())), current);
  }

  /** The operator with the calls that can be computed next computed below it. */
  private LogicalPlan innermost(LogicalPlan plan) {
    List<Wanted> left = new ArrayList<>(Wanted.next(plan));
    Map<Expression, Attribute> results = new HashMap<>();
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      List<Wanted> own =
          left.stream().filter(w -> w.call().references().subsetOf(child.outputSet())).toList();
      left.removeAll(own);
      children.add(computed(own, child, results));
    }
    if (!left.isEmpty()) {
      DerivativeExpression call = left.get(0).call();
      throw SparkErrors.refusal(
          call,
          "%s: its arguments come from both sides of %s, where it cannot be computed. Compute it in a SELECT around"
              + " the join",
          call.sql(),
          plan.nodeName());
    }
    LogicalPlan moved = plan.withNewChildren(Output.seq(children));
    return moved.mapExpressions(expression -> replaced(expression, results));
  }

  /** The child with columns of the calls' values, which it may have already. */
  private LogicalPlan computed(
      List<Wanted> calls, LogicalPlan child, Map<Expression, Attribute> results) {
    LogicalPlan below = child;
    Map<Expression, DerivativeExpression> open = new LinkedHashMap<>();
    for (Wanted wanted : calls) {
      Expression key = wanted.call().canonicalized();
      Optional<Reuse.Found> known = Reuse.find(wanted.call(), below);
      below = known.map(Reuse.Found::plan).orElse(below);
      known.ifPresentOrElse(
          found -> results.put(key, found.column()), () -> open.put(key, wanted.over(child)));
    }
    Map<Expression, Attribute> columns = new HashMap<>();
    for (List<DerivativeExpression> fused : Fusion.of(List.copyOf(open.values()))) {
      EvalDerivatives.RowSizes sizes = binding.requireFit(fused);
      List<Attribute> values = fused.stream().map(ExtractDerivatives::column).toList();
      for (int i = 0; i < fused.size(); i++) {
        columns.put(fused.get(i).canonicalized(), values.get(i));
      }
      below = new EvalDerivatives(Output.seq(fused), Output.seq(values), sizes, below);
    }
    open.forEach((key, call) -> results.put(key, columns.get(call.canonicalized())));
    return below;
  }

  private static Attribute column(DerivativeExpression call) {
    return new AttributeReference(
        call.prettyName(),
        call.dataType(),
        true,
        Metadata.empty(),
        NamedExpression.newExprId(),
        Output.seq(List.of()));
  }

  private static Expression replaced(Expression expression, Map<Expression, Attribute> results) {
    if (expression instanceof DerivativeExpression call) {
      Attribute column = results.get(call.canonicalized());
      if (column != null) {
        return column;
      }
    }
    return expression.mapChildren(child -> replaced(child, results));
  }
}
