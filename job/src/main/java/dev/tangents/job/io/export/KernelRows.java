package dev.tangents.job.io.export;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileRecords;
import dev.tangents.job.plan.Tile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Whole rows of a kernel, put together from its tiles: both halves of a symmetric one, of which the
 * files hold one. As many rows at a time as fit the memory given.
 */
final class KernelRows {
  private final Configuration hadoop;
  private final KernelFolder kernel;
  private final Order order;
  private final int width;
  private final int fitting;
  private final ByteBuffer rows;

  /**
   * The order in which the numbers of a row are wanted.
   *
   * @param numbers numbers of a row
   * @param columnStep places from a column to the next
   * @param first place of the first column by block and position of the component
   */
  record Order(long numbers, int columnStep, Place first) {}

  /** Where a block of a component begins in a row. */
  @FunctionalInterface
  interface Place {
    /** The place of a block that is not wanted. */
    int NOWHERE = -1;

    /** The place, or {@link #NOWHERE}. */
    int of(int block, int component);
  }

  /** Takes the rows {@code from} to {@code to - 1} of a panel, one after the other. */
  @FunctionalInterface
  interface Chunk {
    /** The buffer is filled anew for the next chunk. */
    void take(int from, int to, ByteBuffer rows) throws IOException;
  }

  /**
   * Rows of a kernel.
   *
   * @param memory bytes for the rows that are put together at a time
   * @throws TangentsException of category RESOURCE if not even one row fits
   */
  KernelRows(Configuration hadoop, KernelFolder kernel, Order order, long memory) {
    this.hadoop = hadoop;
    this.kernel = kernel;
    this.order = order;
    this.width = kernel.precision().bytes();
    long bound = Math.min(memory, Integer.MAX_VALUE - Long.BYTES);
    long row = Math.multiplyExact(order.numbers(), width);
    if (row > bound) {
      throw TangentsException.resource(
          "export: a row of %s takes %d MiB; expected at most %d MiB, which are set aside for rows. Give"
              + " the program more heap, or export one component or output at a time",
          kernel.folder(), row >> 20, bound >> 20);
    }
    long largest =
        IntStream.range(0, kernel.rows().panels()).map(kernel.rows()::size).max().orElse(1);
    this.fitting = (int) Math.min(largest, bound / row);
    this.rows = ByteBuffer.allocate((int) (fitting * row)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Hands out the rows of a panel, as many at a time as fit. */
  void panel(int panel, Chunk chunk) throws IOException {
    int size = kernel.rows().size(panel);
    for (int from = 0; from < size; from += fitting) {
      int to = Math.min(size, from + fitting);
      read(panel, from, to);
      rows.position(0).limit((int) ((to - from) * order.numbers() * width));
      chunk.take(from, to, rows);
      rows.clear();
    }
  }

  private void read(int panel, int from, int to) throws IOException {
    for (int other = 0; other < kernel.columns().panels(); other++) {
      boolean stored = !kernel.symmetric() || panel <= other;
      Tile tile = stored ? new Tile(panel, other) : new Tile(other, panel);
      try (TileReader reader = TileReader.open(hadoop, kernel.tile(tile))) {
        kernel.requireOwn(tile, reader.records());
        reader.pages(new Filling(reader.records(), stored, from, to));
      } catch (TangentsException e) {
        throw TangentsException.data(
                "%s. 'tangents append %s' without --input computes such tiles again",
                e.getMessage(), kernel.folder())
            .causedBy(e);
      } catch (FileNotFoundException e) {
        throw TangentsException.data(
                "%s: is missing. 'tangents append %s' without --input computes it again",
                kernel.tile(tile), kernel.folder())
            .causedBy(e);
      }
    }
  }

  /** Puts the numbers of one tile where they belong. */
  private final class Filling implements TileReader.Pages {
    private final TileRecords tile;
    private final boolean stored;
    private final int from;
    private final int to;
    private final List<Integer> wanted;

    Filling(TileRecords tile, boolean stored, int from, int to) {
      this.tile = tile;
      this.stored = stored;
      this.from = from;
      this.to = to;
      this.wanted =
          tile.cells().components().stream().map(kernel.cells().components()::indexOf).toList();
    }

    @Override
    public void take(long first, int count, ByteBuffer numbers) {
      for (int i = 0; i < count; i++) {
        int component = wanted.get(tile.cells().component(first + i));
        int block = tile.cells().block(first + i);
        int place =
            component < 0
                ? Place.NOWHERE
                : order.first().of(stored ? block : tile.cells().mirrored(block), component);
        if (place != Place.NOWHERE) {
          int row = Math.toIntExact(tile.cells().row(first + i));
          int source = i * tile.columns() * width;
          if (stored) {
            upper(row, place, numbers, source);
          } else {
            lower(row, place, numbers, source);
          }
        }
      }
    }

    /** A run of a row, as it is stored. */
    private void upper(int row, int place, ByteBuffer numbers, int source) {
      if (row < from || row >= to) {
        return;
      }
      int target = target(row - from, place, tile.columnStart());
      int step = order.columnStep();
      if (step == 1) {
        rows.put(target, numbers, source, tile.columns() * width);
        return;
      }
      for (int c = 0; c < tile.columns(); c++) {
        copy(numbers, source + c * width, target + c * step * width);
      }
    }

    /** A run of a row, which is a run of a column here. */
    private void lower(int row, int place, ByteBuffer numbers, int source) {
      long column = tile.rowStart() + row;
      for (int r = from; r < to; r++) {
        copy(numbers, source + r * width, target(r - from, place, column));
      }
    }

    private int target(int row, int place, long column) {
      return Math.toIntExact((row * order.numbers() + place + column * order.columnStep()) * width);
    }

    private void copy(ByteBuffer numbers, int source, int target) {
      if (width == Float.BYTES) {
        rows.putInt(target, numbers.getInt(source));
      } else {
        rows.putLong(target, numbers.getLong(source));
      }
    }
  }
}
