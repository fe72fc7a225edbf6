package dev.tangents.job.stage.sample;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.input.InputTable;
import dev.tangents.job.io.panel.PanelWriter;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.Panels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** The samples of the rows or columns of a kernel: those that are there, and those of a table. */
public final class Side {
  private final SparkSession spark;
  private final Optional<Table> table;
  private final KnownSamples known;

  /**
   * A table that is read.
   *
   * @param path where it lies
   * @param rows its rows
   */
  private record Table(String path, InputTable rows) {}

  private Side(SparkSession spark, Optional<Table> table, KnownSamples known) {
    this.spark = spark;
    this.table = table;
    this.known = known;
  }

  /** Samples of a table, behind those that are there. */
  public static Side of(SparkSession spark, String path, InputTable rows, KnownSamples known) {
    return new Side(spark, Optional.of(new Table(path, rows)), known);
  }

  /** Samples that are there, and no others. */
  public static Side unchanged(SparkSession spark, KnownSamples known) {
    return new Side(spark, Optional.empty(), known);
  }

  /**
   * Rows of the table, without looking at them.
   *
   * @throws TangentsException of category DATA if it has none
   */
  public long count() {
    long rows = table.map(read -> read.rows().count()).orElse(0L);
    if (rows == 0 && table.isPresent()) {
      throw SortedSamples.none(table.get().path());
    }
    return rows;
  }

  /** The table's samples in their order; empty if there is no table. */
  public Optional<SortedSamples> sorted(int slots, long limit) {
    return table.map(
        read ->
            SortedSamples.of(
                read.rows().places(), read.rows().samples(), read.path(), slots, limit));
  }

  /**
   * Checks the table's samples, before anything is written.
   *
   * @param panels all panels, those that are there and the table's
   * @throws TangentsException of category DATA that lists the first that cannot be used
   */
  public void check(Optional<SortedSamples> sorted, Panels panels) {
    sorted.ifPresent(samples -> samples.check(panels, known.panels()));
  }

  /**
   * Writes the table's panels behind those that are there.
   *
   * @param panels all panels, those that are there and the table's
   * @throws TangentsException of category DATA if the table's samples are there already, or do not
   *     go with those that are
   */
  public Samples index(
      Optional<SortedSamples> sorted,
      Panels panels,
      Path folder,
      Precision precision,
      Broadcast<SerializableConfiguration> hadoop)
      throws IOException {
    KnownPanels there = new KnownPanels(spark, folder, known.panels().count(), hadoop);
    if (table.isEmpty()) {
      return Samples.of(panels, known.hashes(), there.labels());
    }
    Samples added = stage(there, panels, folder, precision, hadoop).run(sorted.orElseThrow());
    requireNew(added);
    if (idType() != Scalar.Type.NONE) {
      there.requireOtherIds(there.ids(panels.count()), table.get().path());
    }
    return all(panels, added, there.labels());
  }

  /**
   * What {@link #index} would give, without labels and with no panel written.
   *
   * @throws TangentsException as {@link #index} does
   */
  public Samples look(
      Optional<SortedSamples> sorted,
      Panels panels,
      Path folder,
      Precision precision,
      Broadcast<SerializableConfiguration> hadoop)
      throws IOException {
    if (table.isEmpty()) {
      return Samples.of(panels, known.hashes(), List.of());
    }
    KnownPanels there = new KnownPanels(spark, folder, known.panels().count(), hadoop);
    Samples added = stage(there, panels, folder, precision, hadoop).look(sorted.orElseThrow());
    requireNew(added);
    if (idType() != Scalar.Type.NONE) {
      there.requireOtherIds(ids(sorted.orElseThrow(), panels), table.get().path());
    }
    return all(panels, added, List.of());
  }

  /**
   * What makes panels of the table's rows, whose columns are those of the panels that are there.
   */
  private IndexStage stage(
      KnownPanels there,
      Panels panels,
      Path folder,
      Precision precision,
      Broadcast<SerializableConfiguration> hadoop)
      throws IOException {
    InputTable rows = table.orElseThrow().rows();
    PanelWriter.Form form =
        new PanelWriter.Form(rows.idType(), rows.labelType(), precision, rows.width());
    there.requireColumns(form);
    return new IndexStage(panels, known.panels(), folder, form, hadoop);
  }

  private Scalar.Type idType() {
    return table.orElseThrow().rows().idType();
  }

  private JavaRDD<Scalar> ids(SortedSamples sorted, Panels panels) {
    return sorted.byPanel(panels, known.panels()).map(pair -> pair._2().id());
  }

  private Samples all(Panels panels, Samples added, List<Scalar> before) {
    List<String> hashes = new ArrayList<>(known.hashes());
    hashes.addAll(added.panelHashes());
    List<Scalar> labels = new ArrayList<>(before);
    labels.addAll(added.labels());
    return Samples.of(panels, hashes, labels);
  }

  /** A scheduler that repeats a command must not add its samples twice. */
  private void requireNew(Samples added) {
    int there = known.hashes().size();
    int more = added.panelHashes().size();
    if (there >= more && known.hashes().subList(there - more, there).equals(added.panelHashes())) {
      throw TangentsException.data(
          "input: %s holds the samples that were added last. Nothing is added",
          table.orElseThrow().path());
    }
  }
}
