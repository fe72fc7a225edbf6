package dev.tangents.job.stage.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.input.InputTable;
import dev.tangents.job.plan.ConfiguredModel;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.rows.RowCommand;
import dev.tangents.job.rows.RowPlan;
import dev.tangents.job.rows.RowPlanText;
import dev.tangents.job.rows.RowTask;
import dev.tangents.job.stage.sample.Tables;
import dev.tangents.job.stage.session.Opening;
import dev.tangents.udfs.model.ModelFiles;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.sample.SampleForms;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * One run of a command over rows, from configuration to {@code _SUCCESS}. Everything that can be
 * checked is checked before the output folder is touched.
 */
public final class RowsRun {
  private final RowTask task;
  private final Configuration configuration;
  private final Console console;
  private final Stopwatch watch = new Stopwatch();

  /**
   * A run as configured, which talks to {@code console}.
   *
   * @throws TangentsException of category USER for settings that do not go together
   */
  public RowsRun(RowCommand command, Configuration configuration, Console console) {
    this.task = RowTask.of(command, configuration);
    this.configuration = configuration;
    this.console = console;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    ModelSpec spec = ConfiguredModel.of(configuration);
    configuration.get(Settings.INPUT);
    new Opening(task.command().command(), configuration, console, watch).run(spec, spec, this::run);
  }

  private void run(SparkSession spark, ModelSpec.Loaded network, ModelFiles files)
      throws IOException {
    String input = configuration.get(Settings.INPUT);
    InputTable table =
        InputTable.open(
            spark, input, Tables.spec(configuration, columns()), network.model().inputs());
    if (configuration.get(Settings.DRY_RUN)) {
      long limit = configuration.find(Settings.LIMIT).orElse(Long.MAX_VALUE);
      long samples = Math.min(limit, table.count());
      console.out().print(RowPlanText.of(RowPlan.of(configuration, network, task, samples)));
      return;
    }
    RowsJob.Asked asked = new RowsJob.Asked(configuration, task, console, watch);
    new RowsJob(asked, spark, network, files.bytes()).run(table);
  }

  private Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    task.columns().forEach((content, name) -> columns.put(SampleForms.flag(content), name));
    return columns;
  }
}
