package dev.tangents.job.bench;

import static org.apache.spark.sql.functions.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.nd4j.RawSgemm;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.append.AppendRun;
import dev.tangents.job.stage.gram.GramRun;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Whole runs of {@code gram} and {@code append} on the Spark that is there, from reading to commit,
 * and matrix products on all of its task slots: what {@link ScaleBench} and {@link AppendBench}
 * compare. The trace kernel of an MLP 784-1024-1024-1024-1, in float. All runs are in one session,
 * whose start does not count; its executors are new to the first run, which is slower for that.
 */
public final class ScaleRuns implements AutoCloseable {
  private static final String MODEL = "mlp:784-1024-1024-1024-1:relu?param=ntk&bias=true&seed=1";
  private static final String FEATURES =
      "transform(sequence(0, 783), d -> float(sin(0.1 + 1.7 * id + 0.3 * d)))";
  private static final int FILES = 8;

  /** Products of one measurement of the baseline, of 8.6 GFLOP each. */
  private static final int PRODUCTS = 40;

  private final Opener sessions;
  private final Map<String, Value> settings;
  private final Path folder;
  private OpenSession session;

  /** Opens sessions with the plugin. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Opens one.
     *
     * @param settings such as the master
     * @param properties of Spark, before all others
     */
    OpenSession open(Configuration settings, Map<String, String> properties);
  }

  private ScaleRuns(Opener sessions, Map<String, Value> settings) throws IOException {
    this.sessions = sessions;
    this.settings = new LinkedHashMap<>(settings);
    this.session = sessions.open(configuration(Map.of()), Map.of());
    this.folder = Files.createTempDirectory("tangents-scale");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtil.fullyDelete(folder.toFile())));
  }

  /**
   * Opens the session, and a new folder for temporary files, which all executors must see.
   *
   * @param sessions opens a session with the plugin
   * @param settings that every run takes, such as the master
   */
  static ScaleRuns in(Opener sessions, Map<String, Value> settings) {
    try {
      return new ScaleRuns(sessions, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the samples that runs read, N of them. */
  void write(long samples) {
    session
        .spark()
        .range(0, samples, 1, FILES)
        .select(expr("id"), expr(FEATURES).as("features"))
        .write()
        .parquet(input());
  }

  /** From here on runs go to one new executor, or to one thread of the driver. */
  void goOnAlone() {
    SparkConf conf = session.spark().sparkContext().getConf();
    session.close();
    Map<String, String> properties = new LinkedHashMap<>();
    if (conf.get("spark.master").startsWith("local")) {
      settings.put(Settings.MASTER.key(), new Value("local[1]", "bench"));
    } else {
      properties.put("spark.cores.max", conf.get("spark.executor.cores", "1"));
      properties.put("spark.executor.instances", "1");
    }
    session = sessions.open(configuration(Map.of()), properties);
  }

  private String input() {
    return folder.resolve("input").toString();
  }

  private Configuration configuration(Map<String, String> flags) {
    Map<String, Value> values = new LinkedHashMap<>(settings);
    flags.forEach((key, text) -> values.put(key, new Value(text, "bench")));
    return Configuration.resolve(List.of(new Layer(values)));
  }

  /**
   * Matrix products on all slots at once.
   *
   * @param slots number of them
   * @param rate operations a second, together
   */
  record Sgemm(int slots, double rate) {
    /** The mean of two measurements. */
    Sgemm and(Sgemm later) {
      return new Sgemm(slots, (rate + later.rate) / 2);
    }

    Row row() {
      String name = "sgemm 2048 x 2048 x 1024 on %d slots at once".formatted(slots);
      return Row.baseline(name, rate * 1e-9, "GFLOP/s");
    }
  }

  /**
   * What one run took.
   *
   * @param seconds from Spark's start to the commit
   * @param tiles of these, in the stage that computes and writes tiles
   * @param flops useful operations: those of the tiles and of one network pass a sample
   */
  record Figures(double seconds, double tiles, double flops) {}

  /** The kernel of the first {@code samples} samples; replaces an earlier one. */
  Figures gram(long samples) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put(Settings.MODEL.key(), MODEL);
    flags.put(Settings.INPUT.key(), input());
    flags.put(Settings.ID.key(), "id");
    flags.put(Settings.LIMIT.key(), Long.toString(samples));
    flags.put(Settings.OUTPUT.key(), output().toString());
    FileUtil.fullyDelete(output().toFile());
    new GramRun(configuration(flags), silent(), conf -> session.lend()).run();
    return figures();
  }

  /** Samples {@code from} to {@code to - 1} for the kernel that {@link #gram} has left. */
  Figures append(long from, long to) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put(Settings.INPUT.key(), input());
    flags.put(Settings.WHERE.key(), "id >= %d and id < %d".formatted(from, to));
    flags.put(Settings.OUTPUT.key(), output().toString());
    new AppendRun(configuration(flags), silent(), conf -> session.lend()).run();
    return figures();
  }

  private Path output() {
    return folder.resolve("gram");
  }

  private static Console silent() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false);
    return new Console(nowhere, nowhere, false);
  }

  private Figures figures() {
    try {
      JsonNode manifest = new ObjectMapper().readTree(output().resolve("_tangents.json").toFile());
      JsonNode seconds = manifest.path("seconds");
      return new Figures(
          seconds.path("total").asDouble() - seconds.path("start").asDouble(),
          seconds.path("tiles").asDouble(),
          manifest.path("flops").asDouble());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The baseline. */
  Sgemm sgemm() {
    JavaSparkContext spark = new JavaSparkContext(session.spark().sparkContext());
    int slots = Sessions.slots(spark);
    double rate =
        spark
            .parallelize(Collections.nCopies(slots, 0), slots)
            .map(slot -> product())
            .reduce(Double::sum);
    return new Sgemm(slots, rate);
  }

  /** The engine is there to set the number of BLAS threads to one. */
  @SuppressWarnings("try")
  private static double product() {
    try (Engine engine = new Nd4jEngine(Precision.FLOAT);
        RawSgemm sgemm = new RawSgemm(2048, 2048, 1024)) {
      sgemm.run();
      long start = System.nanoTime();
      for (int i = 0; i < PRODUCTS; i++) {
        sgemm.run();
      }
      return PRODUCTS * sgemm.flops() * 1e9 / (System.nanoTime() - start);
    }
  }

  /** Ends the session and removes the files. */
  @Override
  public void close() {
    try {
      session.close();
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }
}
