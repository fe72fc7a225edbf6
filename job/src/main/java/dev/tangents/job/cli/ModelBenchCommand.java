package dev.tangents.job.cli;

import dev.tangents.error.TangentsException;
import dev.tangents.job.bench.Measured;
import dev.tangents.job.bench.ModelBench;
import dev.tangents.job.bench.Table;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.HadoopFiles;
import dev.tangents.job.plan.ModelSpec;
import java.util.List;
import org.apache.spark.SparkConf;

/** {@code tangents bench model}: the derivatives of a user's network, timed. */
public final class ModelBenchCommand implements Command {
  private static final int MOST = 1 << 20;

  @Override
  public String name() {
    return "bench model";
  }

  @Override
  public String summary() {
    return "Milliseconds of each derivative of --model over one batch, with sums for comparison.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        Settings.MODEL,
        Settings.MODEL_OUTPUT,
        Settings.SELECT_OUTPUTS,
        Settings.BATCH,
        Settings.DTYPE,
        Settings.JSON);
  }

  @Override
  public void run(Configuration configuration, Console console) {
    long batch = configuration.get(Settings.BATCH);
    if (batch > MOST) {
      throw TangentsException.user("--batch %d: expected at most %d samples", batch, MOST);
    }
    HadoopFiles files = HadoopFiles.of(new SparkConf());
    ModelSpec.Loaded loaded = ModelSpec.of(configuration).load(files::model);
    List<Measured> measured =
        ModelBench.run(
            loaded.graph(),
            loaded.model().weights(),
            (int) batch,
            configuration.get(Settings.DTYPE));
    console
        .out()
        .print(
            configuration.get(Settings.JSON)
                ? Table.measuredJson(measured)
                : Table.measuredText(measured));
  }
}
