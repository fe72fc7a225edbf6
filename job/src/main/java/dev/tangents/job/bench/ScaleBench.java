package dev.tangents.job.bench;

import static org.apache.spark.sql.functions.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.nd4j.RawSgemm;
import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.Settings;
import dev.tangents.job.stage.GramRun;
import dev.tangents.job.stage.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * {@code tangents bench scale}: whole runs of {@code gram} on the Spark that is there, from reading
 * to commit, against matrix products on all of its task slots at once. The trace kernel of an MLP
 * 784-1024-1024-1024-1 over N and N / 2 samples, in float. Useful operations are those of the tiles
 * and of one network pass a sample; the start of Spark does not count.
 */
public final class ScaleBench {
  private static final String MODEL = "mlp:784-1024-1024-1024-1:relu?param=ntk&bias=true&seed=1";
  private static final String FEATURES =
      "transform(sequence(0, 783), d -> float(sin(0.1 + 1.7 * id + 0.3 * d)))";
  private static final int FILES = 8;

  /** Products of one measurement of the baseline, of 8.6 GFLOP each. */
  private static final int PRODUCTS = 40;

  private final Function<Configuration, SparkSession> sessions;
  private final Map<String, Value> settings;
  private final Path folder;

  private ScaleBench(
      Function<Configuration, SparkSession> sessions, Map<String, Value> settings, Path folder) {
    this.sessions = sessions;
    this.settings = settings;
    this.folder = folder;
  }

  /**
   * Measures. Takes a minute or two on two cores, and 5 GB of the folder for temporary files, which
   * all executors must see.
   *
   * @param sessions opens a session with the plugin
   * @param settings that every run takes, such as the master
   * @param samples N
   */
  public static List<Row> run(
      Function<Configuration, SparkSession> sessions, Map<String, Value> settings, long samples) {
    try {
      Path folder = Files.createTempDirectory("tangents-scale");
      try {
        return new ScaleBench(sessions, settings, folder).measure(samples);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Row> measure(long samples) throws IOException {
    try (SparkSession session = sessions.apply(configuration(Map.of()))) {
      session
          .range(0, samples, 1, FILES)
          .select(expr("id"), expr(FEATURES).as("features"))
          .write()
          .parquet(folder.resolve("input").toString());
    }
    Sgemm before = sgemm();
    Figures half = gram(samples / 2);
    Figures whole = gram(samples);
    Sgemm all = before.and(sgemm());
    List<Row> rows = new ArrayList<>();
    rows.add(all.row());
    rows.add(half.row(samples / 2, all));
    rows.add(whole.row(samples, all));
    rows.add(whole.before());
    double perEntry = whole.perEntry(samples);
    rows.add(
        new Row(
            "time an entry, N = %d".formatted(samples),
            perEntry * 1e9,
            "ns",
            perEntry / half.perEntry(samples / 2),
            "of that at N / 2"));
    if (all.slots() > 1) {
      rows.addAll(alone(samples / 2, half, all));
    }
    return rows;
  }

  /** The same on one executor, or thread, of those that there are. */
  private List<Row> alone(long samples, Figures together, Sgemm all) throws IOException {
    return new ScaleBench(sessions, one(), folder).compared(samples, together, all);
  }

  private List<Row> compared(long samples, Figures together, Sgemm all) throws IOException {
    Sgemm before = sgemm();
    Figures figures = gram(samples);
    Sgemm one = before.and(sgemm());
    double ratio = figures.seconds() / together.seconds();
    double products = all.rate() / one.rate();
    return List.of(
        one.row(),
        figures.row(samples, one),
        new Row(
            "%d slots over %d".formatted(all.slots(), one.slots()),
            ratio,
            "times",
            ratio / products,
            "of sgemm's ratio"));
  }

  /** Settings and properties that leave one executor, or one thread of the driver. */
  private Map<String, Value> one() {
    Map<String, Value> values = new LinkedHashMap<>(settings);
    Value master = settings.get(Settings.MASTER.key());
    String url = master == null ? System.getProperty("spark.master", "local[*]") : master.text();
    if (url.startsWith("local")) {
      values.put(Settings.MASTER.key(), new Value("local[1]", "bench scale"));
    } else {
      // The launcher gives Spark's properties as those of the JVM.
      System.setProperty("spark.cores.max", System.getProperty("spark.executor.cores", "1"));
      System.setProperty("spark.executor.instances", "1");
    }
    return values;
  }

  private Configuration configuration(Map<String, String> flags) {
    Map<String, Value> values = new LinkedHashMap<>(settings);
    flags.forEach((key, text) -> values.put(key, new Value(text, "bench scale")));
    return Configuration.resolve(List.of(new Layer(values)));
  }

  /**
   * Matrix products on all slots at once.
   *
   * @param slots number of them
   * @param rate operations a second, together
   */
  private record Sgemm(int slots, double rate) {
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
   * Of one run.
   *
   * @param seconds from Spark's start to the commit
   * @param tiles of these, in the stage that computes and writes tiles
   * @param flops useful operations
   */
  private record Figures(double seconds, double tiles, double flops) {
    /** What happens before the first tile. */
    Row before() {
      return new Row(
          "  of these, reading, rehearsal, panels",
          seconds - tiles,
          "s",
          1 - tiles / seconds,
          "of the run");
    }

    Row row(long samples, Sgemm baseline) {
      double rate = flops / seconds;
      return new Row(
          "gram, N = %d, %.1f s".formatted(samples, seconds),
          rate * 1e-9,
          "GFLOP/s",
          rate / baseline.rate(),
          "of sgemm");
    }

    double perEntry(long samples) {
      return seconds / ((double) samples * (samples + 1) / 2);
    }
  }

  private Figures gram(long samples) throws IOException {
    Path output = folder.resolve("gram");
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put(Settings.MODEL.key(), MODEL);
    flags.put(Settings.INPUT.key(), folder.resolve("input").toString());
    flags.put(Settings.ID.key(), "id");
    flags.put(Settings.LIMIT.key(), Long.toString(samples));
    flags.put(Settings.OUTPUT.key(), output.toString());
    PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false);
    new GramRun(configuration(flags), new Console(silent, silent, false)).run();
    JsonNode manifest = new ObjectMapper().readTree(output.resolve("_tangents.json").toFile());
    delete(output);
    JsonNode seconds = manifest.path("seconds");
    return new Figures(
        seconds.path("total").asDouble() - seconds.path("start").asDouble(),
        seconds.path("tiles").asDouble(),
        manifest.path("flops").asDouble());
  }

  private Sgemm sgemm() throws IOException {
    try (SparkSession session = sessions.apply(configuration(Map.of()))) {
      JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
      int slots = Sessions.slots(spark);
      double rate =
          spark
              .parallelize(Collections.nCopies(slots, 0), slots)
              .map(slot -> product())
              .reduce(Double::sum);
      return new Sgemm(slots, rate);
    }
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

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
