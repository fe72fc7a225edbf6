package dev.tangents.udfs.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans {@link EvalDerivatives}. */
public final class DerivativeStrategy extends SparkStrategy {
  private final ModelStore models;

  /** Operators will find their models in {@code models}. */
  public DerivativeStrategy(ModelStore models) {
    this.models = models;
  }

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof EvalDerivatives node
        ? Output.seq(
            List.of(
                new EvalDerivativesExec(
                    node.calls(), node.results(), models, planLater(node.child()))))
        : Output.seq(List.of());
  }
}
