package dev.tangents.job.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.TileValues.Form;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class TileWriterTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private java.nio.file.Path folder;

  @Test
  void sparkReadsTheTraceKernel(SparkSession spark) throws IOException {
    write(new Tile(1, 2), List.of(""), Precision.FLOAT, trace(500, 700));
    List<Row> rows = spark.read().parquet(folder.toString()).filter("row >= 1499").collectAsList();
    assertEquals(
        "struct<row_block:int,col_block:int,row:bigint,col_start:bigint,values:array<float>>",
        spark.read().parquet(folder.toString()).schema().simpleString());
    assertEquals(1, rows.size());
    assertEquals(
        List.of(1, 2, 1499L, 2000L),
        List.of(rows.get(0).get(0), rows.get(0).get(1), rows.get(0).get(2), rows.get(0).get(3)));
    List<Float> values = rows.get(0).getList(4);
    assertEquals(700, values.size());
    assertEquals(499 * 700 + 699, values.get(699));
  }

  @Test
  void fullKernelNamesOutputsAndComponents(SparkSession spark) throws IOException {
    double[] first = new double[12];
    double[] second = new double[12];
    for (int i = 0; i < 12; i++) {
      first[i] = i;
      second[i] = -i;
    }
    Shape shape = Shape.of(4, 1, 3);
    TileValues values =
        new TileValues(
            Form.FULL, 2, List.of(HostTensor.of(shape, first), HostTensor.of(shape, second)));
    write(new Tile(0, 0), List.of("0_W", "0_b"), Precision.DOUBLE, values);
    List<String> rows =
        spark.read().parquet(folder.toString()).collectAsList().stream()
            .map(row -> row.mkString(" ").replaceAll("ArraySeq", ""))
            .toList();
    assertEquals(8, rows.size());
    assertEquals("0 0 1000 2000 (3.0, 4.0, 5.0) 0 1 0_W", rows.get(2));
    assertEquals("0 0 1000 2000 (-9.0, -10.0, -11.0) 1 1 0_b", rows.get(7));
  }

  @Test
  void perOutputNamesTheOutput(SparkSession spark) throws IOException {
    HostTensor numbers = HostTensor.of(Shape.of(2, 1, 1), 1f, 2f);
    write(
        new Tile(0, 0),
        List.of(""),
        Precision.FLOAT,
        new TileValues(Form.PER_OUTPUT, 2, List.of(numbers)));
    List<Row> rows = spark.read().parquet(folder.toString()).orderBy("output").collectAsList();
    assertEquals(1, rows.get(1).<Integer>getAs("output"));
    assertEquals(List.of(2f), rows.get(1).getList(4));
  }

  @Test
  void filterOnRowReadsFewPages() throws IOException {
    write(new Tile(1, 2), List.of(""), Precision.FLOAT, trace(500, 700));
    Path path = new Path(folder.toString(), "tile-00001-00002.parquet");
    FilterCompat.Filter filter = FilterCompat.get(FilterApi.eq(FilterApi.longColumn("row"), 1250L));
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).withFilter(filter).build()) {
      Group group = reader.read();
      assertEquals(1250L, group.getLong("row", 0));
      assertEquals(
          250 * 700 + 5, group.getGroup("values", 0).getGroup("list", 5).getFloat("element", 0));
      assertEquals(null, reader.read());
    }
    try (ParquetFileReader file = ParquetFileReader.open(HadoopInputFile.fromPath(path, HADOOP))) {
      ParquetMetadata footer = file.getFooter();
      for (BlockMetaData block : footer.getBlocks()) {
        assertTrue(block.getColumns().get(2).getStatistics().hasNonNullValue());
        assertFalse(block.getColumns().get(4).getStatistics().hasNonNullValue());
      }
      assertEquals("1,2", footer.getFileMetaData().getKeyValueMetaData().get("tangents.tile"));
      assertEquals("h", footer.getFileMetaData().getKeyValueMetaData().get("tangents.hash"));
    }
  }

  @Test
  void bytesDoNotDependOnTheAttempt() throws IOException {
    java.nio.file.Path file = folder.resolve("tile-00001-00002.parquet");
    write(new Tile(1, 2), List.of(""), Precision.FLOAT, trace(50, 70));
    byte[] first = Files.readAllBytes(file);
    // A second attempt finds the file of the first and leaves nothing behind.
    new TileWriter(
            HADOOP,
            new Path(folder.toString()),
            8,
            new TileWriter.Form(List.of(""), Precision.FLOAT, Map.of("tangents.hash", "h")))
        .write(new Tile(1, 2), 1000, 2000, trace(50, 70));
    assertArrayEquals(first, Files.readAllBytes(file));
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of(".tile-00001-00002.parquet.crc", "tile-00001-00002.parquet"),
          files.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  private void write(Tile tile, List<String> components, Precision precision, TileValues values)
      throws IOException {
    new TileWriter(
            HADOOP,
            new Path(folder.toString()),
            7,
            new TileWriter.Form(components, precision, Map.of("tangents.hash", "h")))
        .write(tile, 1000, 2000, values);
  }

  private static TileValues trace(int rows, int columns) {
    float[] numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return new TileValues(
        Form.SINGLE, 1, List.of(HostTensor.of(Shape.of(1, rows, columns), numbers)));
  }
}
