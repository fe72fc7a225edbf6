package dev.tangents.job.io.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.tile.TileValues.Form;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileReaderTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "SINGLE, 1, 1, 1, 1, FLOAT, NONE",
    "SINGLE, 1, 1, 1, 1, DOUBLE, ZSTD",
    "SINGLE, 1, 1, 300, 1, FLOAT, NONE",
    "SINGLE, 1, 1, 70000, 1, FLOAT, NONE",
    "SINGLE, 1, 1, 1, 3000000, FLOAT, NONE",
    "SINGLE, 1, 1, 33, 70000, DOUBLE, NONE",
    "SINGLE, 1, 1, 129, 2047, FLOAT, ZSTD",
    "SINGLE, 1, 3, 5, 7, FLOAT, NONE",
    "PER_OUTPUT, 10, 1, 13, 11, DOUBLE, NONE",
    "PER_OUTPUT, 1, 2, 4, 4, FLOAT, NONE",
    "FULL, 1, 1, 3, 2, FLOAT, ZSTD",
    "FULL, 10, 1, 9, 12, FLOAT, NONE",
    "FULL, 40, 4, 30, 2, DOUBLE, ZSTD",
  })
  void readsWhatWasWritten(
      Form form,
      int outputs,
      int components,
      int rows,
      int columns,
      Precision precision,
      Compression compression)
      throws IOException {
    TileValues values = Tiles.values(form, outputs, components, rows, columns, precision);
    Path file = Tiles.write(folder, compression, values);
    try (TileReader reader = TileReader.open(Tiles.HADOOP, path(file))) {
      assertEquals(Tiles.TILE, reader.tile());
      assertEquals(1000, reader.rowStart());
      assertEquals(2000, reader.columnStart());
      assertEquals(Tiles.names(components), reader.components());
      TileValues read = reader.read();
      assertEquals(List.of(form, outputs), List.of(read.form(), read.outputs()));
      for (int i = 0; i < components; i++) {
        assertEquals(precision, read.components().get(i).precision());
        assertEquals(values.components().get(i).shape(), read.components().get(i).shape());
        assertArrayEquals(values.components().get(i).doubles(), read.components().get(i).doubles());
      }
    }
  }

  @Test
  void footerHasFactsAndTheChecksumOfAllNumbers() throws IOException {
    TileValues values = Tiles.values(Form.PER_OUTPUT, 2, 1, 2, 2, Precision.FLOAT);
    Path file = Tiles.write(folder, Compression.ZSTD, values);
    // Row 0 of outputs 0 and 1, then row 1 of both.
    ByteBuffer numbers = ByteBuffer.allocate(8 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : new float[] {1, 2, 5, 6, 3, 4, 7, 8}) {
      numbers.putFloat(number);
    }
    CRC32C crc = new CRC32C();
    crc.update(numbers.flip());
    assertEquals(
        Map.of(
            "tangents.checksum",
            String.format(Locale.ROOT, "crc32c:%08x", crc.getValue()),
            "tangents.hash",
            "h",
            "tangents.residual",
            "1e-7",
            "tangents.tile",
            "1,2"),
        TileReader.facts(Tiles.HADOOP, path(file)));
  }

  @Test
  void everyFlippedByteIsFoundByPageChecksums() throws IOException {
    Path file = Tiles.write(folder, Compression.NONE, Tiles.trace(3, 5));
    byte[] bytes = Files.readAllBytes(file);
    // Headers and footer say what the file is; a flip there is found unless it changes nothing.
    int first = indexOf(bytes, 1f);
    for (int at = first; at < first + 3 * 5 * Float.BYTES; at++) {
      assertDamaged(flipped(file, bytes, at), Tiles.HADOOP, "CRC checksum verification failed");
    }
  }

  @Test
  void flippedByteIsFoundWithoutPageChecksums() throws IOException {
    Configuration unchecked = new Configuration(Tiles.HADOOP);
    unchecked.setBoolean("parquet.page.verify-checksum.enabled", false);
    Path file = Tiles.write(folder, Compression.NONE, Tiles.trace(3, 5));
    byte[] bytes = Files.readAllBytes(file);
    Path damaged = flipped(file, bytes, indexOf(bytes, 7f));
    assertDamaged(damaged, unchecked, "checksum of the numbers: expected crc32c:");
    assertDamaged(flipped(file, bytes, indexOf(bytes, 1000L)), unchecked, "column row is not");
  }

  @Test
  void tornFileAndOtherFilesAreNamed() throws IOException {
    Path file = Tiles.write(folder, Compression.NONE, Tiles.trace(3, 5));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertDamaged(file, Tiles.HADOOP, "cannot be read as a tile");
    assertThrows(TangentsException.class, () -> TileReader.facts(Tiles.HADOOP, path(file)));
    Files.delete(file);
    assertThrows(FileNotFoundException.class, () -> TileReader.open(Tiles.HADOOP, path(file)));
    assertThrows(FileNotFoundException.class, () -> TileReader.facts(Tiles.HADOOP, path(file)));
  }

  private void assertDamaged(Path file, Configuration hadoop, String message) {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> {
              try (TileReader reader = TileReader.open(hadoop, path(file))) {
                reader.read();
              }
            });
    assertEquals(Category.DATA, e.category());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static Path flipped(Path file, byte[] bytes, int at) throws IOException {
    byte[] damaged = bytes.clone();
    damaged[at] ^= 1;
    return Files.write(file, damaged);
  }

  private static int indexOf(byte[] bytes, float number) {
    return indexOf(
        bytes, ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(number));
  }

  private static int indexOf(byte[] bytes, long number) {
    return indexOf(
        bytes, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number));
  }

  private static int indexOf(byte[] bytes, ByteBuffer wanted) {
    int at = 0;
    while (!ByteBuffer.wrap(bytes, at, wanted.capacity()).equals(wanted.rewind())) {
      at++;
    }
    return at;
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return new org.apache.hadoop.fs.Path(file.toString());
  }
}
