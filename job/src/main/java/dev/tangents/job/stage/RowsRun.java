package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelSource;
import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.HadoopFiles;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.plan.ModelSpec;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.rows.RowCommand;
import dev.tangents.job.rows.RowPlan;
import dev.tangents.job.rows.RowPlanText;
import dev.tangents.job.rows.RowTask;
import dev.tangents.job.rows.SampleForms;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.SparkConf;
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
    boolean dry = configuration.get(Settings.DRY_RUN);
    String input = configuration.get(Settings.INPUT);
    if (!dry) {
      configuration.get(Settings.OUTPUT);
    }
    ModelSpec spec = ModelSpec.of(configuration);
    SparkConf conf = Sessions.conf(task.command().command(), configuration);
    HadoopFiles files = HadoopFiles.of(conf);
    ModelFiles model = new ModelFiles();
    // Importing and starting Spark each take seconds and do not need each other.
    Background<ModelSpec.Loaded> loading =
        new Background<>("tangents-model", () -> load(spec, model, files));
    try (SparkSession spark = Sessions.open(conf)) {
      ModelSpec.Loaded network = loading.join();
      watch.lap("start");
      InputTable table = InputTable.open(spark, input, Tables.spec(configuration, columns()));
      if (dry) {
        long limit = configuration.find(Settings.LIMIT).orElse(Long.MAX_VALUE);
        long samples = Math.min(limit, table.count());
        console.out().print(RowPlanText.of(RowPlan.of(configuration, network, task, samples)));
        return;
      }
      new RowsJob(
              new RowsJob.Asked(configuration, task, console, watch), spark, network, model.bytes())
          .run(table);
    } catch (IOException e) {
      throw TangentsException.resource(
              "output: %s: %s. Check free space and permissions",
              configuration.get(Settings.OUTPUT), e.getMessage())
          .causedBy(e);
    }
  }

  private Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    task.columns().forEach((content, name) -> columns.put(SampleForms.flag(content), name));
    return columns;
  }

  private ModelSpec.Loaded load(ModelSpec spec, ModelFiles kept, HadoopFiles files) {
    Function<String, ModelSource> open = kept.recording(files::model, ImportOptions.MAX_BYTES);
    ModelSpec.Loaded network = spec.load(open);
    if (configuration.get(Settings.VERIFY_MODEL)) {
      ModelCheck.run(spec, network.model(), open);
    }
    return network;
  }
}
