package dev.tangents.job.bench;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Tile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * {@code tangents bench write}: a tile of 8,192 x 2,048 random floats into the folder for temporary
 * files, by our pages, by a plain stream, and by Spark's own writer of {@code array<float>} on one
 * thread, which takes them from our tile. Each writes files that are new, as a run does, and none
 * waits for the disk beyond the page cache.
 */
public final class WriteBench {
  private static final int ROWS = 8192;
  private static final int COLUMNS = 2048;
  private static final Shape SHAPE = Shape.of(1, ROWS, COLUMNS);
  private static final int ROUNDS = 5;

  /** What is handed over at once: a page of ours. */
  private static final int PIECE = 256 << 10;

  private final Path folder;
  private final Configuration hadoop = new Configuration();
  private final HostTensor numbers = Workbench.random(1, ROWS, COLUMNS).reshape(SHAPE);

  /** Files written, which gives each a name of its own. */
  private int files;

  private WriteBench(Path folder) {
    this.folder = folder;
  }

  /** Measures. Takes half a minute. */
  public static List<Row> run() {
    try {
      Path folder = Files.createTempDirectory("tangents-bench");
      try {
        return new WriteBench(folder).measure();
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Row> measure() throws IOException {
    byte[] plain = bytes();
    tile(Compression.NONE);
    try (SparkSession spark = session()) {
      Dataset<?> table = spark.read().parquet(folder("none").toString()).select("values");
      double[] seconds =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  () -> stream(plain),
                  () -> tile(Compression.NONE),
                  () -> tile(Compression.ZSTD),
                  this::read,
                  () -> table.write().format("noop").mode("overwrite").save(),
                  () -> write(table)));
      double stream = rate(seconds[0]);
      double writer = rate(seconds[5]);
      double tile = rate(seconds[1]);
      double zstd = rate(seconds[2]);
      return List.of(
          Row.baseline("plain stream of the same 64 MiB", stream, "MB/s"),
          Row.baseline("Spark's writer of array<float>, one thread", writer, "MB/s"),
          new Row("tile of 8192 x 2048 floats", tile, "MB/s", tile / writer, "of Spark's writer"),
          new Row("  the same", tile, "MB/s", tile / stream, "of the plain stream"),
          new Row("  with --compression zstd", zstd, "MB/s", zstd / writer, "of Spark's writer"),
          Row.baseline("TileReader, every checksum checked", rate(seconds[3]), "MB/s"),
          Row.baseline("Spark's reader of the tile, one thread", rate(seconds[4]), "MB/s"));
    }
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[1]")
        .appName("tangents bench write")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  private void write(Dataset<?> table) {
    table.write().option("compression", "none").parquet(folder("spark-" + files++).toString());
  }

  private static double rate(double seconds) {
    return SHAPE.size() * Float.BYTES / seconds * 1e-6;
  }

  private byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(SHAPE.intSize() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers.floats());
    return bytes.array();
  }

  private Path folder(String name) {
    return folder.resolve(name);
  }

  private void stream(byte[] bytes) {
    try (OutputStream out = new FileOutputStream(folder("plain-" + files++).toFile())) {
      for (int from = 0; from < bytes.length; from += PIECE) {
        out.write(bytes, from, Math.min(PIECE, bytes.length - from));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tile(Compression compression) {
    TileWriter.Form form = new TileWriter.Form(List.of(""), Precision.FLOAT, compression, Map.of());
    String target = folder(compression == Compression.NONE ? "none" : "zstd").toString();
    TileValues values = new TileValues(TileValues.Form.SINGLE, 1, List.of(numbers));
    try {
      new TileWriter(hadoop, new org.apache.hadoop.fs.Path(target), 0, form)
          .write(new Tile(0, files++), 0, 0, values, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder("none").toString(), new Tile(0, 0).fileName());
    try (TileReader reader = TileReader.open(hadoop, file)) {
      reader.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
