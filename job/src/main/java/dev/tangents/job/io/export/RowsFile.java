package dev.tangents.job.io.export;

import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.file.Checksum;
import dev.tangents.job.io.file.Commits;
import dev.tangents.job.io.file.DiskBuffer;
import dev.tangents.job.io.file.StagedFile;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.io.panel.PanelFault;
import dev.tangents.job.io.panel.PanelIds;
import dev.tangents.job.io.parquet.NumbersColumn;
import dev.tangents.job.io.parquet.OptionalColumn;
import dev.tangents.job.io.parquet.PagedColumn;
import dev.tangents.job.io.parquet.PagedFile;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.io.parquet.ScalarColumn;
import dev.tangents.job.io.tile.Cells;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Whole rows of one panel of a kernel as one Parquet file: {@code index}, {@code id} where the
 * samples have one, {@code values} (M numbers), then outputs and component as in a tile; sorted in
 * this order. Pages are copied, without a call for each number.
 */
public final class RowsFile {
  private final Configuration hadoop;
  private final KernelFolder kernel;
  private final int panel;
  private ByteBuffer rows = ByteBuffer.allocate(0);
  private long firstRow;

  /** The rows of a panel. */
  public RowsFile(Configuration hadoop, KernelFolder kernel, int panel) {
    this.hadoop = hadoop;
    this.kernel = kernel;
    this.panel = panel;
  }

  /**
   * Writes the file and returns its bytes.
   *
   * @param attempt what makes the temporary name differ from that of another attempt
   * @param memory bytes for whole rows
   */
  public long write(Path path, long attempt, Compression compression, long memory)
      throws IOException {
    Cells cells = kernel.cells();
    long m = kernel.columns().samples();
    int components = cells.components().size();
    KernelRows.Order order =
        new KernelRows.Order(
            Math.multiplyExact(cells.count(), m),
            1,
            (block, component) -> Math.toIntExact(((long) block * components + component) * m));
    KernelRows reader = new KernelRows(hadoop, kernel, order, memory);
    NumbersColumn numbers = new NumbersColumn(kernel.precision(), Math.toIntExact(m), this::put);
    PagedFile.Layout layout = new PagedFile.Layout("rows", columns(cells, numbers), compression);
    StagedFile staged =
        StagedFile.unread(Commits.fileSystem(path, hadoop), path, attempt, new DiskBuffer());
    try (PagedFile file = new PagedFile(hadoop, staged, layout)) {
      reader.panel(
          panel,
          (from, to, chunk) -> {
            rows = chunk;
            firstRow = from;
            file.append((long) from * cells.count(), (long) (to - from) * cells.count());
          });
      Map<String, String> footer = new TreeMap<>();
      footer.put(RunHashes.FOOTER, kernel.runs().last());
      footer.put(Checksum.KEY, numbers.checksum());
      return file.commit(footer);
    }
  }

  private void put(long first, int count, ByteBuffer page) {
    int record = Math.toIntExact(kernel.columns().samples() * kernel.precision().bytes());
    long from = (first - firstRow * kernel.cells().count()) * record;
    page.put(rows.slice(Math.toIntExact(from), count * record));
  }

  private List<PagedColumn> columns(Cells cells, NumbersColumn numbers) throws IOException {
    long first = kernel.rows().first(panel);
    List<PagedColumn> columns = new ArrayList<>();
    columns.add(ScalarColumn.bigint("index", record -> first + cells.row(record)));
    Path samples = kernel.samples(panel);
    List<Scalar> ids = PanelFault.explained(samples, () -> PanelIds.read(hadoop, samples));
    if (!ids.isEmpty()) {
      Scalar.Type kind = ids.get(0).type();
      columns.add(new OptionalColumn("id", kind, record -> ids.get((int) cells.row(record))));
    }
    columns.add(numbers);
    columns.addAll(cells.columns());
    return columns;
  }
}
