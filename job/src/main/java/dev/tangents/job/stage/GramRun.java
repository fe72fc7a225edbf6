package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.PlanTable;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.kernel.MachineRates;
import dev.tangents.kernel.Rates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * One run of {@code tangents gram}, from configuration to {@code _SUCCESS}. Everything that can be
 * checked is checked before the output folder is touched.
 */
public final class GramRun {
  private final Configuration configuration;
  private final Console console;
  private final Stopwatch watch = new Stopwatch();

  /** A run as configured, which talks to {@code console}. */
  public GramRun(Configuration configuration, Console console) {
    this.configuration = configuration;
    this.console = console;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    NetworkSpec spec = NetworkSpec.of(configuration);
    new Opening("gram", configuration, console, watch).run(spec.model(), spec, this::run);
  }

  private void run(SparkSession spark, NetworkSpec.Network network, ModelFiles files)
      throws IOException {
    List<InputTable> tables = new ArrayList<>();
    for (String path : GramJob.inputs(configuration)) {
      tables.add(
          InputTable.open(spark, path, Tables.spec(configuration), network.model().inputs()));
    }
    if (configuration.get(Settings.DRY_RUN)) {
      long limit = configuration.find(Settings.LIMIT).orElse(Long.MAX_VALUE);
      List<Long> counts = tables.stream().map(table -> Math.min(limit, table.count())).toList();
      GramRunPlan plan = GramRunPlan.of(configuration, network, counts);
      console.out().print(PlanTable.text(plan, rates()));
      return;
    }
    GramJob.Asked asked = new GramJob.Asked(configuration, console, watch);
    new GramJob(asked, spark, network, files).run(tables);
  }

  /** Of this machine, or the reference's where its engine does not open here. */
  private Rates rates() {
    try (Engine engine =
        Engines.open(configuration.get(Settings.ENGINE), configuration.get(Settings.DTYPE))) {
      return MachineRates.of(engine);
    } catch (TangentsException e) {
      return Rates.REFERENCE;
    }
  }
}
