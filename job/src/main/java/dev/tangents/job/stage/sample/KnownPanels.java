package dev.tangents.job.stage.sample;

import static org.apache.spark.sql.functions.col;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.panel.PanelReader;
import dev.tangents.job.io.panel.PanelWriter;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.Panels;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Panels of {@code samples/} that an earlier run has written, read through Spark. */
final class KnownPanels {
  private static final String INDEX = "index";
  private static final String ID = "id";
  private static final String LABEL = "label";
  private static final int SHOWN = 5;

  private final SparkSession spark;
  private final Path folder;
  private final int count;

  /** The first {@code count} panels of a folder. */
  KnownPanels(SparkSession spark, Path folder, int count) {
    this.spark = spark;
    this.folder = folder;
    this.count = count;
  }

  /** The labels in the order of the samples; none if they have none. */
  List<Scalar> labels() {
    if (count == 0 || !Arrays.asList(panels(0, 1).columns()).contains(LABEL)) {
      return List.of();
    }
    return panels(0, count).select(INDEX, LABEL).sort(INDEX).collectAsList().stream()
        .map(row -> Scalar.ofRow(row.get(1)))
        .toList();
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
    Path first = new Path(folder, Panels.fileName(0));
    List<String> columns = PanelReader.columns(spark.sessionState().newHadoopConf(), first);
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
  Dataset<Row> ids(int all) {
    return panels(count, all).select(ID);
  }

  /**
   * Checks that no sample that is added has an id of theirs.
   *
   * @param added ids of those
   * @param input for the message
   * @throws TangentsException of category DATA that names some
   */
  void requireOtherIds(Dataset<Row> added, String input) {
    if (count == 0) {
      return;
    }
    Dataset<Row> twice =
        panels(0, count)
            .select(ID)
            .join(added.select(col(ID).as("added")), col(ID).equalTo(col("added")));
    List<Row> shown = twice.limit(SHOWN).collectAsList();
    if (!shown.isEmpty()) {
      long more = twice.count() - shown.size();
      throw TangentsException.data(
          "input: %s has ids that are there already: %s%s. Leave them out with --where; nothing is added",
          input,
          String.join(", ", shown.stream().map(row -> String.valueOf(row.get(0))).toList()),
          more > 0 ? " and " + more + " more" : "");
    }
  }

  private Dataset<Row> panels(int from, int to) {
    String[] files =
        IntStream.range(from, to)
            .mapToObj(panel -> new Path(folder, Panels.fileName(panel)).toString())
            .toArray(String[]::new);
    return spark.read().parquet(files);
  }
}
