package dev.tangents.job.stage.session;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.importer.EqualParameters;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Text;
import dev.tangents.importer.Tie;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.udfs.executor.Background;
import dev.tangents.udfs.model.ModelFiles;
import dev.tangents.udfs.model.ModelLoader;
import dev.tangents.udfs.model.ModelSpec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * How every run begins and ends: what must be set is looked for first, then Spark starts while the
 * model is imported and checked, and a failed write is explained.
 *
 * @param command the word after {@code tangents}
 * @param configuration what was asked for
 * @param console where to warn
 * @param watch takes the time of the start
 * @param sessions starts or lends the session
 */
public record Opening(
    String command,
    Configuration configuration,
    Console console,
    Stopwatch watch,
    Function<SparkConf, OpenSession> sessions) {
  private static final int MOST_EQUAL = 3;

  /** Commands that compute tiles. */
  private static final Set<String> FORMING = Set.of("gram", "append");

  /** Of a run that starts Spark for itself. */
  public Opening(String command, Configuration configuration, Console console, Stopwatch watch) {
    this(command, configuration, console, watch, OpenSession::start);
  }

  /**
   * The run itself.
   *
   * @param <N> what was loaded of the model
   */
  public interface Body<N> {
    /** Runs; the files of the model are those that the driver has read. */
    void run(SparkSession spark, N network, ModelFiles files) throws IOException;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public <N> void run(ModelSpec spec, ModelLoader<N> loader, Body<N> body) {
    if (!configuration.get(Settings.DRY_RUN)) {
      configuration.get(Settings.OUTPUT);
    }
    SparkConf conf = Sessions.conf(command, configuration);
    Arithmetic arithmetic =
        FORMING.contains(command) ? configuration.get(GpuSettings.PRECISION) : Arithmetic.STRICT;
    GpuPreflight gpus = GpuPreflight.of(configuration, conf, arithmetic);
    HadoopFiles hadoop = HadoopFiles.of(conf);
    ModelFiles files = new ModelFiles();
    Function<String, ModelSource> open = files.recording(hadoop::model, ImportOptions.MAX_BYTES);
    // Importing and starting Spark each take seconds and do not need each other.
    Background<N> loading =
        new Background<>(
            "tangents-model",
            () -> {
              N network = loader.load(open);
              if (configuration.get(Settings.VERIFY_MODEL)) {
                ModelCheck.run(spec, loader.model(network), open);
              }
              return network;
            });
    try (OpenSession session = sessions.apply(conf)) {
      run(session.spark(), gpus, loading, loader, files, body);
    } catch (IOException e) {
      throw TangentsException.resource(
              "output: %s: %s. Check free space and permissions",
              configuration.get(Settings.OUTPUT), e.getMessage())
          .causedBy(e);
    }
  }

  private <N> void run(
      SparkSession spark,
      GpuPreflight gpus,
      Background<N> loading,
      ModelLoader<N> loader,
      ModelFiles files,
      Body<N> body)
      throws IOException {
    ClusterWatch cluster = ClusterWatch.of(spark.sparkContext(), console);
    try {
      if (!configuration.get(Settings.DRY_RUN)) {
        gpus.run(new JavaSparkContext(spark.sparkContext()), console);
      }
      N network = loading.join();
      warn(loader.model(network));
      watch.lap("start");
      body.run(spark, network, files);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      Interruption.requireNotEnding(e, goingOn());
      throw e;
    } finally {
      cluster.close();
    }
  }

  /** How a run goes on whose process was ended. */
  private String goingOn() {
    if (configuration.get(Settings.DRY_RUN)) {
      return "Nothing was written: run it again";
    }
    return switch (command) {
      case "gram" ->
          "Tiles that are done stay in %s: the same command with --if-exists resume computes the others"
              .formatted(configuration.get(Settings.OUTPUT));
      case "append" ->
          "Tiles that are done stay in %s: the same command computes the others"
              .formatted(configuration.get(Settings.OUTPUT));
      case "verify" -> "Nothing was changed: run it again";
      default ->
          "%s holds no result of it: run it again, with --if-exists overwrite where it has begun to write there"
              .formatted(configuration.get(Settings.OUTPUT));
    };
  }

  /** Copies of a tied weight count twice, and nothing in the numbers shows it. */
  private void warn(Model model) {
    List<Tie> equal = EqualParameters.of(model.weights());
    equal.stream()
        .limit(MOST_EQUAL)
        .forEach(
            tie ->
                console
                    .err()
                    .printf(
                        "note: parameters %s and %s hold the same numbers. If they are one tied weight, give"
                            + " --tie %s%n",
                        Text.shown(tie.kept()),
                        Text.shown(tie.copy()),
                        Text.shown(tie.toString())));
    if (equal.size() > MOST_EQUAL) {
      console
          .err()
          .printf(
              "note: and %d more such pairs; 'tangents inspect' lists them%n",
              equal.size() - MOST_EQUAL);
    }
  }
}
