package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.plan.FactorPlan;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.PlanTable;
import dev.tangents.job.plan.TilesThere;
import dev.tangents.udfs.executor.Engines;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** What {@code --dry-run} prints of a kernel. */
public final class Planned {
  private Planned() {}

  /**
   * The plan as text.
   *
   * @param there what there is of the tiles, if it was looked at
   */
  public static String text(
      Configuration configuration,
      GramRunPlan plan,
      SparkSession spark,
      Optional<TilesThere> there) {
    int slots = spark.sparkContext().defaultParallelism();
    FactorPlan factors = FactorPlan.of(configuration.get(Settings.FACTORS), plan, slots);
    return PlanTable.text(
        plan,
        Engines.rates(configuration.get(Settings.ENGINE), configuration.get(Settings.DTYPE)),
        factors,
        there);
  }
}
