package dev.tangents.job.io.panel;

import dev.tangents.exec.Precision;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.file.Commits;
import dev.tangents.job.io.file.StagedFile;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.parquet.Fields;
import dev.tangents.job.io.parquet.NumbersColumn;
import dev.tangents.job.io.parquet.OptionalColumn;
import dev.tangents.job.io.parquet.PagedColumn;
import dev.tangents.job.io.parquet.PagedFile;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.io.parquet.ScalarColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes one panel of {@code samples/}: {@code index}, {@code id} and {@code label} where they are
 * asked for, and {@code features} as the network takes them, that is scaled and in the run's width.
 * The samples of a row group are held until it is full.
 */
public final class PanelWriter implements AutoCloseable {
  private static final String FEATURES = "features";

  private final Path path;
  private final PagedFile file;
  private final List<Row> group = new ArrayList<>();

  private record Row(long index, Sample sample) {}

  /**
   * Form of the files.
   *
   * @param id type of the id column, NONE for no column
   * @param label type of the label column, NONE for no column
   * @param precision width of the features
   * @param width D, number of features
   */
  public record Form(Scalar.Type id, Scalar.Type label, Precision precision, int width)
      implements java.io.Serializable {
    /** Names of the columns with the types that lie in the file. */
    public List<String> columns() {
      Type[] types =
          PanelWriter.columns(this, List.of()).stream().map(PagedColumn::type).toArray(Type[]::new);
      return Fields.described(new MessageType("panel", types));
    }
  }

  /** Opens the file {@code path}. */
  public PanelWriter(Configuration hadoop, Path path, long attempt, Form form) throws IOException {
    this.path = path;
    StagedFile staged = new StagedFile(Commits.fileSystem(path, hadoop), path, attempt);
    PagedFile.Layout layout = new PagedFile.Layout("panel", columns(form, group), Compression.NONE);
    this.file = Commits.writing(path, () -> new PagedFile(hadoop, staged, layout));
  }

  /** Appends a sample of as many features as the form says. */
  public void write(long index, Sample sample) throws IOException {
    group.add(new Row(index, sample));
    if (group.size() == file.groupRecords()) {
      append();
    }
  }

  private void append() {
    Commits.writing(
        path,
        () -> {
          file.append(0, group.size());
          return null;
        });
    group.clear();
  }

  /** Completes the file and gives it its name. */
  public void commit() throws IOException {
    if (!group.isEmpty()) {
      append();
    }
    Commits.writing(path, () -> file.commit(Map.of()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The columns of some rows, which are numbered from 0 on. */
  private static List<PagedColumn> columns(Form form, List<Row> rows) {
    List<PagedColumn> columns = new ArrayList<>();
    columns.add(ScalarColumn.bigint("index", record -> rows.get((int) record).index()));
    if (form.id() != Scalar.Type.NONE) {
      columns.add(
          new OptionalColumn("id", form.id(), record -> rows.get((int) record).sample().id()));
    }
    if (form.label() != Scalar.Type.NONE) {
      columns.add(
          new OptionalColumn(
              "label", form.label(), record -> rows.get((int) record).sample().label()));
    }
    columns.add(
        new NumbersColumn(
            FEATURES,
            form.precision(),
            form.width(),
            (first, count, page) -> {
              for (Row row : rows.subList((int) first, (int) first + count)) {
                put(row.sample().features(), form, page);
              }
            }));
    return columns;
  }

  private static void put(double[] features, Form form, ByteBuffer page) {
    if (features.length != form.width()) {
      throw new IllegalArgumentException(
          "a sample of %d features among those of %d".formatted(features.length, form.width()));
    }
    if (form.precision() == Precision.DOUBLE) {
      page.asDoubleBuffer().put(features);
    } else {
      float[] narrow = new float[features.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) features[i];
      }
      page.asFloatBuffer().put(narrow);
    }
    page.position(page.position() + features.length * form.precision().bytes());
  }
}
