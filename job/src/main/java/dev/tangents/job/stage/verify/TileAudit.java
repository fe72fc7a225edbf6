package dev.tangents.job.stage.verify;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.plan.Cutting;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileBlock;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.BinSums;
import dev.tangents.job.stage.tile.TileSummaries;
import dev.tangents.kernel.check.Probe;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Reads every tile of a kernel once: whether its file is as it was written and of the kernel's run,
 * its numbers finite, a diagonal tile symmetric and a mirrored one equal to its image. On the way
 * it multiplies the kernel by v.
 */
final class TileAudit implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Panels of a block's side: their sums travel through one shuffle. */
  private static final int SIDE = 32;

  /** Sending the sums of a panel, beside reading and multiplying a tile. */
  private static final double PANEL_WORK = 0.02;

  private final KernelFolder kernel;
  private final boolean mirrored;
  private final Probe probe;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final CollectionAccumulator<String> faults;
  private final LongAccumulator done;

  /**
   * An audit.
   *
   * @param mirrored whether both halves of the kernel are there
   * @param probe v
   * @param faults takes what is wrong, of a task that is run again perhaps twice
   * @param done counts tiles
   */
  TileAudit(
      KernelFolder kernel,
      boolean mirrored,
      Probe probe,
      Broadcast<SerializableConfiguration> hadoop,
      CollectionAccumulator<String> faults,
      LongAccumulator done) {
    this.kernel = kernel;
    this.mirrored = mirrored;
    this.probe = probe;
    this.hadoop = hadoop;
    this.faults = faults;
    this.done = done;
  }

  /**
   * K v and the squares of K by panels of rows: [rows, lanes] of the one, then of the other. Where
   * there are faults it is not the whole.
   */
  Map<Integer, double[]> run(JavaSparkContext spark, TileGrid grid, int slots) {
    List<TileBlock> blocks = grid.blocks(new Cutting(slots, SIDE + 1, 1, PANEL_WORK));
    return new TreeMap<>(
        spark
            .parallelize(blocks, blocks.size())
            .mapPartitionsToPair(this::audit)
            .reduceByKey(Vectors::added)
            .collectAsMap());
  }

  private Iterator<Tuple2<Integer, double[]>> audit(Iterator<TileBlock> blocks) throws IOException {
    Map<Integer, double[]> sums = new TreeMap<>();
    while (blocks.hasNext()) {
      for (Tile tile : blocks.next().tiles()) {
        try {
          audit(tile, sums);
        } catch (FileNotFoundException e) {
          faults.add(absent(tile));
        } catch (TangentsException | IOException e) {
          faults.add(e.getMessage());
        }
        done.add(1);
      }
    }
    List<Tuple2<Integer, double[]>> parts = new ArrayList<>();
    sums.forEach((panel, sum) -> parts.add(new Tuple2<>(panel, sum)));
    return parts.iterator();
  }

  /** A file system says of a folder, too, that there is no such file. */
  private String absent(Tile tile) throws IOException {
    Path file = kernel.tile(tile);
    return file.getFileSystem(hadoop.value().value()).exists(file)
        ? file + ": is a folder, expected the file of a tile. Remove it"
        : file + ": is missing";
  }

  private void audit(Tile tile, Map<Integer, double[]> sums) throws IOException {
    Configuration files = hadoop.value().value();
    TileValues values = kernel.read(files, tile);
    requireFinite(tile, values);
    requireSums(tile, TileReader.facts(files, kernel.tile(tile)));
    multiply(tile.row(), tile.column(), values, sums);
    if (!kernel.symmetric()) {
      return;
    }
    TileValues image = values.transposed();
    if (tile.row() == tile.column()) {
      requireSame(tile, values, image, "is not symmetric");
      return;
    }
    multiply(tile.column(), tile.row(), image, sums);
    if (mirrored) {
      Tile other = tile.transposed();
      requireSame(
          other, kernel.read(files, other), image, "is not the mirror image of " + tile.fileName());
    }
  }

  /** What the footer keeps for the report is as it was written. */
  private void requireSums(Tile tile, Map<String, String> facts) {
    for (String key : List.of(TileSummaries.SUMS, TileSummaries.LABEL_SUMS)) {
      String text = facts.get(key);
      if (text != null && !BinSums.isWhole(text)) {
        throw TangentsException.data(
            "%s: the %s of its footer are damaged", kernel.tile(tile), key);
      }
    }
  }

  private void multiply(int row, int column, TileValues values, Map<Integer, double[]> sums) {
    int numbers = values.rows() * probe.lanes();
    double[] v = probe.signs(values.columns(), column);
    double[] product = new double[numbers];
    double[] squares = new double[numbers];
    for (HostTensor component : values.components()) {
      probe.multiply(component, v, product, squares);
    }
    double[] both = Arrays.copyOf(product, 2 * numbers);
    System.arraycopy(squares, 0, both, numbers, numbers);
    sums.merge(row, both, Vectors::added);
  }

  private void requireFinite(Tile tile, TileValues values) {
    for (int i = 0; i < values.components().size(); i++) {
      if (values.firstNonFinite(i).isPresent()) {
        throw TangentsException.data(
            "%s: holds %s, expected finite numbers",
            kernel.tile(tile), values.components().get(i).at(values.firstNonFinite(i).getAsInt()));
      }
    }
  }

  private void requireSame(Tile tile, TileValues values, TileValues expected, String fault) {
    for (int i = 0; i < values.components().size(); i++) {
      if (!equal(values.components().get(i), expected.components().get(i))) {
        throw TangentsException.data("%s: %s", kernel.tile(tile), fault);
      }
    }
  }

  private static boolean equal(HostTensor a, HostTensor b) {
    return a.precision() == Precision.FLOAT
        ? Arrays.equals(a.floats(), b.floats())
        : Arrays.equals(a.doubles(), b.doubles());
  }
}
