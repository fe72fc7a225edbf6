package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.cuda.driver.Grid;
import java.util.Locale;

/**
 * Prints the kernels of tiles on sm_90a: {@code pack.cu}, which lays out a factor, and {@code
 * tile_wgmma.cu}, which forms a {@link TileSum} from packed factors. How many stages of 32 KiB are
 * on their way at a time, how many blocks are a cluster, and how many rows of blocks a band has was
 * chosen by measurement; ADR 17 has the figures.
 */
final class WarpgroupTile {
  private static final int SHARE = Pieces.ROWS;
  private static final int THREADS = 384;
  private static final int STAGES = 6;
  private static final int STAGE_BYTES = 32_768;

  /**
   * Stages of 3xTF32: its sums, a float for each element of a share, take the place of the others.
   */
  private static final int FEWER_STAGES = 4;

  private static final int SUM_BYTES = 4 * SHARE * SHARE;
  private static final int DOWN = 2;
  private static final int ACROSS = 1;
  private static final int BAND_ROWS = 8;

  private WarpgroupTile() {}

  /** The source that packs; its one kernel is called {@code pack}. */
  static String printPack(Arithmetic arithmetic) {
    return String.format(Locale.ROOT, "#define ARITHMETIC %d%n", TileSource.number(arithmetic))
        + TileSource.resource("pack.cu");
  }

  /** The grid of a tile's kernel: as many blocks as run at once, or as the tile has work for. */
  static Grid grid(TileSum tile, int processors) {
    int clusters =
        TileSource.shares(TileSource.shares(tile.n(), SHARE), DOWN)
            * TileSource.shares(TileSource.shares(tile.m(), SHARE), ACROSS);
    int cluster = DOWN * ACROSS;
    int blocks = Math.min(clusters, Math.max(1, processors / cluster)) * cluster;
    return new Grid(
        blocks,
        THREADS,
        stages(tile.arithmetic()) * STAGE_BYTES
            + (sumsAreShared(tile.arithmetic()) ? SUM_BYTES : 0));
  }

  private static boolean sumsAreShared(Arithmetic arithmetic) {
    return arithmetic == Arithmetic.TF32X3;
  }

  private static int stages(Arithmetic arithmetic) {
    return sumsAreShared(arithmetic) ? FEWER_STAGES : STAGES;
  }

  /** The whole source; its one kernel is called {@code tile}. */
  static String print(TileSum tile) {
    StringBuilder parameters = new StringBuilder();
    StringBuilder producer = new StringBuilder();
    StringBuilder consumer = new StringBuilder();
    for (int i = 0; i < tile.terms().size(); i++) {
      TileSum.Term term = tile.terms().get(i);
      if (term.left() > 0) {
        parameters.append(
            String.format(
                Locale.ROOT, "const unsigned char* a%d, const unsigned char* b%d, ", i, i));
        gram(producer, consumer, "left", "a" + i, "b" + i, slices(tile, term.left()));
      }
      parameters.append(
          String.format(Locale.ROOT, "const unsigned char* c%d, const unsigned char* d%d, ", i, i));
      gram(producer, consumer, "right", "c" + i, "d" + i, slices(tile, term.right()));
      consumer.append("      ").append(TileSource.add(term));
    }
    return defines(tile)
        + TileSource.resource("tile_wgmma.cu")
            .replace("PARAMETERS", parameters)
            .replace("PRODUCER", producer)
            .replace("CONSUMER", consumer);
  }

  private static int slices(TileSum tile, int inner) {
    return Pieces.slices(inner, tile.arithmetic());
  }

  private static String defines(TileSum tile) {
    return String.format(
        Locale.ROOT,
        "#define ARITHMETIC %d%n#define N %d%n#define M %d%n#define OFFSET %sf%n#define STAGES %d%n"
            + "#define DOWN %d%n#define ACROSS %d%n#define BAND_ROWS %d%n",
        TileSource.number(tile.arithmetic()),
        tile.n(),
        tile.m(),
        TileSource.hex(tile.offset()),
        stages(tile.arithmetic()),
        DOWN,
        ACROSS,
        BAND_ROWS);
  }

  private static void gram(
      StringBuilder producer,
      StringBuilder consumer,
      String target,
      String x,
      String y,
      int slices) {
    producer.append(
        String.format(
            Locale.ROOT,
            "        bring<%d>(ring, %s, %s, rowBlock, columnBlock, row, column);%n",
            slices,
            x,
            y));
    consumer.append(
        String.format(Locale.ROOT, "      gram<%d>(%s, ring, row, column);%n", slices, target));
  }
}
