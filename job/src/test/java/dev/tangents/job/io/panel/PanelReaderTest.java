package dev.tangents.job.io.panel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.parquet.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A panel is read as it was written, whatever stands beside its features. */
class PanelReaderTest {
  private static final int ROWS = 700;
  private static final int WIDTH = 300;

  @TempDir private java.nio.file.Path folder;
  private final Configuration hadoop = new Configuration();

  private double[][] written(Precision precision, Scalar.Type id) throws IOException {
    Random random = new Random(7);
    double[][] samples = new double[ROWS][WIDTH];
    PanelWriter.Form form = new PanelWriter.Form(id, Scalar.Type.NONE, precision, WIDTH);
    try (PanelWriter writer = new PanelWriter(hadoop, path(), 0, form)) {
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < WIDTH; j++) {
          samples[i][j] = (float) random.nextGaussian();
        }
        writer.write(i, Sample.good("f", i, key(id, i), Scalar.NONE, samples[i], new double[0][]));
      }
      writer.commit();
    }
    return samples;
  }

  private Path path() {
    return new Path(folder.resolve("panel-00000.parquet").toUri());
  }

  @ParameterizedTest
  @EnumSource(Scalar.Type.class)
  void numbersAreThoseThatWereWritten(Scalar.Type id) throws IOException {
    for (Precision precision : Precision.values()) {
      double[][] samples = written(precision, id);
      HostTensor panel = PanelReader.features(hadoop, path(), ROWS, WIDTH, precision);
      for (int i = 0; i < ROWS; i++) {
        double[] row = new double[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
          row[j] = panel.at(i * WIDTH + j);
        }
        assertArrayEquals(samples[i], row);
      }
    }
  }

  /** More samples than a row group holds. */
  @ParameterizedTest
  @EnumSource(Scalar.Type.class)
  void idsAreThoseThatWereWritten(Scalar.Type type) throws IOException {
    int samples = 2 * 8 * 1024 * 1024 / (WIDTH * Float.BYTES) + 5;
    List<Scalar> ids = new ArrayList<>();
    PanelWriter.Form form = new PanelWriter.Form(type, Scalar.Type.NONE, Precision.FLOAT, WIDTH);
    try (PanelWriter writer = new PanelWriter(hadoop, path(), 0, form)) {
      for (int i = 0; i < samples; i++) {
        Scalar id = key(type, i);
        if (id.isPresent()) {
          ids.add(id);
        }
        writer.write(i, Sample.good("f", i, id, Scalar.NONE, new double[WIDTH], new double[0][]));
      }
      writer.commit();
    }
    assertEquals(ids, PanelIds.read(hadoop, path()));
  }

  private static Scalar key(Scalar.Type type, int i) {
    return switch (type) {
      case NONE -> Scalar.NONE;
      case INTEGER -> Scalar.of(-(long) i * i);
      case REAL -> Scalar.of(0.5 * i);
      case TEXT -> Scalar.of(i % 2 == 0 ? "rów " + i : "");
    };
  }

  /** A byte of its pages changed: no id comes out that is another. */
  @Test
  void damagedIdsAreNotRead() throws IOException {
    written(Precision.FLOAT, Scalar.Type.TEXT);
    List<Scalar> ids = PanelIds.read(hadoop, path());
    java.nio.file.Path file = folder.resolve("panel-00000.parquet");
    Files.deleteIfExists(folder.resolve(".panel-00000.parquet.crc"));
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int at = 4; at < 12_000; at += 97) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(file, damaged);
      try {
        assertEquals(ids, PanelIds.read(hadoop, path()), "byte " + at);
      } catch (IOException | RuntimeException e) {
        assertTrue(PanelFault.isDamage(e), e.toString());
        refused++;
      }
    }
    assertTrue(refused > 50, refused + " were refused");
  }

  /** Parquet's own reader, as that of Spark and others, finds what is missing and what is long. */
  @ParameterizedTest
  @EnumSource(
      value = Scalar.Type.class,
      names = {"INTEGER", "REAL", "TEXT"})
  void labelsMayBeMissing(Scalar.Type type) throws IOException {
    PanelWriter.Form form = new PanelWriter.Form(Scalar.Type.NONE, type, Precision.FLOAT, WIDTH);
    List<Scalar> labels = new ArrayList<>();
    try (PanelWriter writer = new PanelWriter(hadoop, path(), 0, form)) {
      for (int i = 0; i < 10_000; i++) {
        Scalar label =
            switch (type) {
              case INTEGER -> Scalar.of(i);
              case REAL -> Scalar.of(0.5 * i);
              default -> Scalar.of("x".repeat(i % 100));
            };
        labels.add(i / 7 % 3 == 1 ? Scalar.NONE : label);
        writer.write(
            i, Sample.good("f", i, Scalar.NONE, labels.get(i), new double[WIDTH], new double[0][]));
      }
      writer.commit();
    }
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path()).build()) {
      for (int i = 0; i < labels.size(); i++) {
        Group row = reader.read();
        assertEquals(i, row.getLong("index", 0));
        boolean there = row.getFieldRepetitionCount("label") == 1;
        assertEquals(labels.get(i).isPresent(), there);
        if (there) {
          assertEquals(labels.get(i).toString(), row.getValueToString(1, 0));
        }
        assertEquals(WIDTH, row.getGroup("features", 0).getFieldRepetitionCount(0));
      }
      assertNull(reader.read());
    }
    try (ParquetFileReader file =
        ParquetFileReader.open(HadoopInputFile.fromPath(path(), hadoop))) {
      long missing = labels.stream().filter(label -> !label.isPresent()).count();
      assertEquals(
          missing,
          file.getRowGroups().stream()
              .mapToLong(group -> group.getColumns().get(1).getStatistics().getNumNulls())
              .sum());
      assertTrue(file.getRowGroups().size() > 1, "one row group");
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void anotherNumberOfSamplesOrFeaturesIsNamed(Precision precision) throws IOException {
    written(precision, Scalar.Type.NONE);
    for (int[] shape : new int[][] {{ROWS + 1, WIDTH}, {ROWS - 1, WIDTH}, {ROWS, WIDTH - 1}}) {
      TangentsException e =
          assertThrows(
              TangentsException.class,
              () -> PanelReader.features(hadoop, path(), shape[0], shape[1], precision));
      assertTrue(e.getMessage().contains("got 700 with 210,000 numbers"), e::getMessage);
    }
  }

  /** Every page has a checksum, and it is looked at. */
  @ParameterizedTest
  @EnumSource(
      value = Scalar.Type.class,
      names = {"NONE", "TEXT"})
  void aChangedByteIsFound(Scalar.Type id) throws IOException {
    written(Precision.FLOAT, id);
    java.nio.file.Path file = folder.resolve("panel-00000.parquet");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
    assertThrows(
        Exception.class, () -> PanelReader.features(hadoop, path(), ROWS, WIDTH, Precision.FLOAT));
  }
}
