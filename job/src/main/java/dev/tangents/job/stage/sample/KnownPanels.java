package dev.tangents.job.stage.sample;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.input.SampleOrder;
import dev.tangents.job.io.panel.PanelIds;
import dev.tangents.job.io.panel.PanelReader;
import dev.tangents.job.io.panel.PanelWriter;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.Panels;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Panels of {@code samples/} that an earlier run has written. */
final class KnownPanels {
  private static final String INDEX = "index";
  private static final String LABEL = "label";
  private static final int SHOWN = 5;

  private final SparkSession spark;
  private final Path folder;
  private final int count;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** The first {@code count} panels of a folder. */
  KnownPanels(
      SparkSession spark, Path folder, int count, Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.folder = folder;
    this.count = count;
    this.hadoop = hadoop;
  }

  /** The labels in the order of the samples; none if they have none. */
  List<Scalar> labels() throws IOException {
    if (count == 0 || columns().stream().noneMatch(name -> name.startsWith(LABEL + " "))) {
      return List.of();
    }
    String[] files =
        IntStream.range(0, count).mapToObj(panel -> file(panel).toString()).toArray(String[]::new);
    return spark.read().parquet(files).select(INDEX, LABEL).sort(INDEX).collectAsList().stream()
        .map(row -> Scalar.ofRow(row.get(1)))
        .toList();
  }

  private Path file(int panel) {
    return new Path(folder, Panels.fileName(panel));
  }

  /** The columns of the first, with their types. */
  private List<String> columns() throws IOException {
    return PanelReader.columns(hadoop.value().value(), file(0));
  }

  /**
   * Checks that panels of a form can stand beside them.
   *
   * @throws TangentsException of category DATA if they have other columns
   */
  void requireColumns(PanelWriter.Form form) throws IOException {
    if (count == 0) {
      return;
    }
    List<String> others = form.columns();
    List<String> columns = columns();
    if (!columns.equals(others)) {
      throw TangentsException.data(
          "input: its samples would have the columns %s; those of %s have %s. Name the same columns by --id"
              + " and --label",
          String.join(", ", others), folder, String.join(", ", columns));
    }
  }

  /**
   * The ids of the panels behind them.
   *
   * @param all number of panels with those behind
   */
  JavaRDD<Scalar> ids(int all) {
    return ids(count, all);
  }

  /**
   * Checks that no sample that is added has an id of theirs.
   *
   * @param added ids of those
   * @param input for the message
   * @throws TangentsException of category DATA that names some
   */
  void requireOtherIds(JavaRDD<Scalar> added, String input) {
    if (count == 0) {
      return;
    }
    JavaRDD<Scalar> twice = added.intersection(ids(0, count));
    long all = twice.count();
    if (all > 0) {
      List<Scalar> shown = twice.takeOrdered(SHOWN, new ById());
      throw TangentsException.data(
          "input: %s has ids that are there already: %s%s. Leave them out with --where; nothing is added",
          input,
          String.join(", ", shown.stream().map(Scalar::toString).toList()),
          all > shown.size() ? " and " + (all - shown.size()) + " more" : "");
    }
  }

  /** The order of samples. */
  private static final class ById implements Comparator<Scalar>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(Scalar a, Scalar b) {
      return SampleOrder.Key.ofId(a).compareTo(SampleOrder.Key.ofId(b));
    }
  }

  /** The ids of panels {@code from} to {@code to - 1}. */
  private JavaRDD<Scalar> ids(int from, int to) {
    List<String> files =
        IntStream.range(from, to).mapToObj(panel -> file(panel).toString()).toList();
    Broadcast<SerializableConfiguration> configuration = hadoop; // a closure over this is not sent
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    return context
        .parallelize(files, Math.min(files.size(), context.defaultParallelism()))
        .flatMap(path -> PanelIds.read(configuration.value().value(), new Path(path)).iterator());
  }
}
