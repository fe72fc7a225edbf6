package dev.tangents.job.io.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Precision;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.tile.TileValues.Form;
import dev.tangents.job.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SparkExtension.class)
class TileWriterTest {
  /** More than one row group of 8 MiB, the last one short. */
  private static final int ROWS = 1500;

  private static final int COLUMNS = 2048;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void sparkReadsEveryNumberInItsVectorisedReader(Compression compression, SparkSession spark)
      throws IOException {
    Tiles.write(folder, compression, Tiles.trace(ROWS, COLUMNS));
    Dataset<Row> table = spark.read().parquet(folder.toString());
    assertEquals(
        "struct<row_block:int,col_block:int,row:bigint,col_start:bigint,values:array<float>>",
        table.schema().simpleString());
    String plan = table.queryExecution().executedPlan().toString();
    assertTrue(plan.contains("ColumnarToRow"), plan);
    Row wrong =
        table
            .selectExpr("row", "row_block", "col_block", "col_start", "posexplode(values)")
            .selectExpr(
                "count(*)",
                "count_if(col != cast((row - 1000) * 2048 + pos + 1 as float))",
                "count_if(row_block != 1 or col_block != 2 or col_start != 2000)")
            .first();
    assertEquals(List.of(ROWS * 2048L, 0L, 0L), List.of(wrong.get(0), wrong.get(1), wrong.get(2)));
  }

  @Test
  void filterOnRowIsPushedDownAndRight(SparkSession spark) throws IOException {
    Tiles.write(folder, Compression.NONE, Tiles.trace(ROWS, COLUMNS));
    Dataset<Row> found =
        spark.read().parquet(folder.toString()).filter("row between 1990 and 2010");
    String plan = found.queryExecution().executedPlan().toString();
    assertTrue(plan.contains("PushedFilters: [IsNotNull(row), GreaterThanOrEqual(row,1990)"), plan);
    List<Row> rows = found.orderBy("row").collectAsList();
    assertEquals(21, rows.size());
    for (int i = 0; i < 21; i++) {
      assertEquals(1990L + i, rows.get(i).getLong(2));
      List<Float> values = rows.get(i).getList(4);
      assertEquals((990 + i) * 2048 + 1, values.get(0));
      assertEquals((990 + i + 1) * 2048, values.get(2047));
    }
    assertEquals(0, spark.read().parquet(folder.toString()).filter("row = 2500").count());
  }

  @Test
  void fullKernelNamesOutputsAndComponents(SparkSession spark) throws IOException {
    Tiles.write(folder, Compression.NONE, Tiles.values(Form.FULL, 2, 2, 1, 3, Precision.DOUBLE));
    Dataset<Row> table = spark.read().parquet(folder.toString());
    assertEquals(
        "struct<row_block:int,col_block:int,row:bigint,col_start:bigint,values:array<double>,"
            + "row_output:int,col_output:int,component:string>",
        table.schema().simpleString());
    List<String> rows =
        table.collectAsList().stream()
            .map(row -> row.mkString(" ").replaceAll("ArraySeq", ""))
            .toList();
    assertEquals(8, rows.size());
    assertEquals("1 2 1000 2000 (4.0, 5.0, 6.0) 0 1 l\u00e4yer/0", rows.get(2));
    assertEquals("1 2 1000 2000 (22.0, 23.0, 24.0) 1 1 l\u00e4yer/1", rows.get(7));
    assertEquals(2, table.filter("component = 'l\u00e4yer/1' and row_output = 0").count());
  }

  @Test
  void oneColumnPerOutput(SparkSession spark) throws IOException {
    Tiles.write(
        folder, Compression.ZSTD, Tiles.values(Form.PER_OUTPUT, 3, 1, 2, 1, Precision.FLOAT));
    List<Row> rows =
        spark.read().parquet(folder.toString()).orderBy("row", "output").collectAsList();
    assertEquals(6, rows.size());
    assertEquals(2, rows.get(5).<Integer>getAs("output"));
    assertEquals(List.of(6f), rows.get(5).getList(4));
  }

  @Test
  void parquetsOwnReaderSkipsPages() throws IOException {
    Path file = Tiles.write(folder, Compression.NONE, Tiles.trace(ROWS, COLUMNS));
    var path = new org.apache.hadoop.fs.Path(file.toString());
    FilterCompat.Filter filter = FilterCompat.get(FilterApi.eq(FilterApi.longColumn("row"), 1250L));
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).withFilter(filter).build()) {
      Group group = reader.read();
      assertEquals(1250L, group.getLong("row", 0));
      assertEquals(
          250 * 2048 + 6, group.getGroup("values", 0).getGroup("list", 5).getFloat("element", 0));
      assertNull(reader.read());
    }
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, Tiles.HADOOP))) {
      assertEquals(2, reader.getRowGroups().size());
      for (BlockMetaData block : reader.getRowGroups()) {
        var row = block.getColumns().get(2);
        assertTrue(row.getStatistics().hasNonNullValue());
        assertEquals(0, row.getStatistics().getNumNulls());
        var payload = block.getColumns().get(4);
        assertFalse(payload.getStatistics().hasNonNullValue());
        assertNull(reader.readColumnIndex(payload));
        // Pages of all columns hold the same records.
        OffsetIndex rows = reader.readOffsetIndex(row);
        OffsetIndex numbers = reader.readOffsetIndex(payload);
        assertEquals(rows.getPageCount(), numbers.getPageCount());
        assertEquals(rows.getPageCount(), reader.readColumnIndex(row).getMinValues().size());
        assertEquals(rows.getFirstRowIndex(1), numbers.getFirstRowIndex(1));
      }
    }
  }

  @Test
  void bytesDoNotDependOnTheAttempt() throws IOException {
    TileValues values = Tiles.trace(50, 70);
    byte[] first = Files.readAllBytes(Tiles.write(folder, Compression.ZSTD, values));
    // A second attempt finds the file of the first and leaves nothing behind.
    Path again =
        Tiles.write(folder, 8, Compression.ZSTD, values, Map.of("tangents.residual", "1e-7"));
    assertArrayEquals(first, Files.readAllBytes(again));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(again), files.toList());
    }
  }

  @Test
  void failedAttemptLeavesNothing() throws IOException {
    TileValues one = Tiles.trace(2, 3);
    TileWriter.Form two =
        new TileWriter.Form(List.of("a", "b"), Precision.FLOAT, Compression.NONE, Map.of());
    TileWriter writer =
        new TileWriter(Tiles.HADOOP, new org.apache.hadoop.fs.Path(folder.toString()), 1, two);
    assertThrows(
        IndexOutOfBoundsException.class, () -> writer.write(Tiles.TILE, 0, 0, one, Map.of()));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }
}
