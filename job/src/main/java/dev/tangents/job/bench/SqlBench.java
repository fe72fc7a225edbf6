package dev.tangents.job.bench;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import dev.tangents.job.rows.RowCommand;
import dev.tangents.job.stage.rows.RowsRun;
import dev.tangents.udfs.Tangents;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code tangents bench sql}: Jacobians by inputs in a query, against the job's own run of the same
 * from and to Parquet, and against a function that computes row by row on the same engine. Rates
 * are medians of rounds, by turns; the start of Spark does not count.
 */
public final class SqlBench {
  private static final Network MODEL = new Network("mlp:64-128-64-10:relu?seed=1", 64);

  /** Where arithmetic is little and calls are much. */
  private static final Network SMALL = new Network("mlp:16-32-4:tanh?seed=1", 16);

  private static final int FILES = 8;
  private static final int ROUNDS = 3;

  /** What is not kept is computed of so many times the rows, so that a query's start is little. */
  private static final int COPIES = 8;

  /** The function that computes row by row is given one row in so many. */
  private static final int SLOWER = 4;

  /** Files as the job's own are: no dictionary, no compression, no statistics of the numbers. */
  private static final Map<String, String> AS_THE_JOB =
      Map.of(
          "compression", "none",
          "parquet.enable.dictionary", "false",
          "parquet.column.statistics.enabled#jacobian.list.element.list.element", "false",
          "parquet.size.statistics.enabled", "false",
          "parquet.writer.version", "PARQUET_2_0",
          "parquet.block.size", Integer.toString(8 << 20));

  /** A network and how many numbers a row has for it. */
  private record Network(String model, int features) {
    /** The column of a table with a row a number {@code id}. */
    Column column() {
      return expr("transform(sequence(0, %d), d -> float(sin(0.1 + 1.7 * id + 0.3 * d)))"
              .formatted(features - 1))
          .as("features");
    }
  }

  private final Function<Configuration, SparkSession> sessions;
  private final Map<String, Value> settings;
  private final Path folder;
  private final long rows;

  private SqlBench(
      Function<Configuration, SparkSession> sessions,
      Map<String, Value> settings,
      Path folder,
      long rows) {
    this.sessions = sessions;
    this.settings = settings;
    this.folder = folder;
    this.rows = rows;
  }

  /**
   * Measures. Takes about three minutes on two cores, and a few hundred MiB of the folder for
   * temporary files, which all executors must see.
   *
   * @param sessions opens a session
   * @param settings that every run takes, such as the master
   * @param rows N
   */
  public static List<Row> run(
      Function<Configuration, SparkSession> sessions, Map<String, Value> settings, long rows) {
    try {
      Path folder = Files.createTempDirectory("tangents-sql");
      try {
        return new SqlBench(sessions, settings, folder, rows).measure();
      } finally {
        FileUtil.fullyDelete(folder.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Row> measure() throws IOException {
    try (SparkSession session = sessions.apply(configuration(Map.of()))) {
      for (Network network : List.of(MODEL, SMALL)) {
        for (int step : new int[] {1, SLOWER}) {
          session
              .range(0, rows, step, FILES)
              .select(expr("id"), network.column())
              .write()
              .parquet(input(network, step));
        }
      }
    }
    double[][] seconds = new double[7][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) { // the first is not counted
      double[] figures = {
        job(),
        stored(AS_THE_JOB),
        stored(Map.of()),
        thrown(MODEL, SqlBench::rowByRow, SLOWER),
        thrown(MODEL, SqlBench::batched, 1),
        thrown(SMALL, SqlBench::rowByRow, SLOWER),
        thrown(SMALL, SqlBench::batched, 1)
      };
      for (int i = 0; i < figures.length && round >= 0; i++) {
        seconds[i][round] = figures[i];
      }
    }
    double[] rates = Arrays.stream(seconds).mapToDouble(s -> rows / Turns.median(s)).toArray();
    String ofJob = "of the job's (goal 0.8)";
    String times = "times row by row (goal 20)";
    return List.of(
        Row.baseline("64-128-64-10, jacobian of the job, to Parquet", rates[0], "rows/s"),
        figure("  tangents_jacobian, to files as the job's", rates[1], rates[0], ofJob),
        figure("  tangents_jacobian, to files as Spark's are", rates[2], rates[0], ofJob),
        Row.baseline("  row by row, to nowhere", rates[3], "rows/s"),
        figure("  tangents_jacobian, to nowhere", rates[4], rates[3], times),
        Row.baseline("16-32-4, row by row, to nowhere", rates[5], "rows/s"),
        figure("  tangents_jacobian, to nowhere", rates[6], rates[5], times));
  }

  private static Row figure(String name, double rate, double baseline, String meaning) {
    return new Row(name, rate, "rows/s", rate / baseline, meaning);
  }

  /** Every row for a network, or one in {@code step}: nothing is read that is not computed with. */
  private String input(Network network, int step) {
    return folder.resolve("input-%d-%d".formatted(network.features(), step)).toString();
  }

  private static Column batched(SparkSession session, Network network) {
    Tangents.register(session);
    return Tangents.jacobian(network.model(), col("features"));
  }

  private static Column rowByRow(SparkSession session, Network network) {
    DataType row = DataTypes.createArrayType(DataTypes.FloatType);
    session
        .udf()
        .register("row_by_row", new RowByRow(network.model()), DataTypes.createArrayType(row));
    return call_udf("row_by_row", col("features"));
  }

  /**
   * Seconds of a query whose result is written.
   *
   * @param options of the writer
   */
  private double stored(Map<String, String> options) throws IOException {
    Path output = folder.resolve("sql");
    double seconds =
        timed(
            List.of(input(MODEL, 1)),
            session -> batched(session, MODEL),
            table -> table.write().options(options).parquet(output.toString()));
    FileUtil.fullyDelete(output.toFile());
    return seconds;
  }

  /**
   * Seconds that a query of N rows would take whose result is not kept.
   *
   * @param step one row in so many is computed
   */
  private double thrown(Network network, BiFunction<SparkSession, Network, Column> column, int step)
      throws IOException {
    double seconds =
        timed(
            Collections.nCopies(COPIES, input(network, step)),
            session -> column.apply(session, network),
            table -> table.write().format("noop").mode("overwrite").save());
    return seconds * step / COPIES;
  }

  private double timed(
      List<String> inputs,
      Function<SparkSession, Column> column,
      Consumer<Dataset<org.apache.spark.sql.Row>> action)
      throws IOException {
    try (SparkSession session = sessions.apply(configuration(Map.of()))) {
      Dataset<org.apache.spark.sql.Row> table =
          session.read().parquet(inputs.toArray(String[]::new));
      Dataset<org.apache.spark.sql.Row> query =
          table.select(col("id"), column.apply(session).as("jacobian"));
      long start = System.nanoTime();
      action.accept(query);
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  /** Seconds of the job from Spark's start to the commit. */
  private double job() throws IOException {
    Path output = folder.resolve("job");
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put(Settings.MODEL.key(), MODEL.model());
    flags.put(Settings.INPUT.key(), input(MODEL, 1));
    flags.put(Settings.ID.key(), "id");
    flags.put(Settings.OUTPUT.key(), output.toString());
    PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false);
    new RowsRun(RowCommand.JACOBIAN, configuration(flags), new Console(silent, silent, false))
        .run();
    JsonNode manifest = new ObjectMapper().readTree(output.resolve("_tangents.json").toFile());
    FileUtil.fullyDelete(output.toFile());
    JsonNode seconds = manifest.path("seconds");
    return seconds.path("total").asDouble() - seconds.path("start").asDouble();
  }

  private Configuration configuration(Map<String, String> flags) {
    Map<String, Value> values = new LinkedHashMap<>(settings);
    flags.forEach((key, text) -> values.put(key, new Value(text, "bench sql")));
    return Configuration.resolve(List.of(new Layer(values)));
  }
}
