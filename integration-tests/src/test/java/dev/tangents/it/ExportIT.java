package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.cli.ExportCommand;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.io.export.NpyFile;
import dev.tangents.job.io.output.KernelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tangents export} against the tiles that it was made from. */
class ExportIT {
  /** Panels of 8, 8, 8 and 1. */
  private static final int N = 25;

  @TempDir private Path folder;

  @Test
  void traceIsOneMatrixWithBothHalves() throws IOException {
    Map<String, Double> entries = gram("--kernel", "trace");
    byte[] file = npy();
    double[] k = Npy.numbers(file, "(25, 25)");
    for (int n = 0; n < N; n++) {
      for (int m = 0; m < N; m++) {
        assertEquals(entry(entries, n, m, "", ""), k[n * N + m]);
      }
    }
    // With room for three rows at a time the file is the same.
    KernelFolder kernel = KernelFolder.open(new Configuration(), folder.resolve("k").toString());
    Path again = folder.resolve("again.npy");
    new NpyFile(new Configuration(), kernel, again.toString(), IfExists.FAIL)
        .write(3 * N * Double.BYTES);
    assertArrayEquals(file, Files.readAllBytes(again));
    assertRows(entries, 1, N);
  }

  @Test
  void perOutputHasOutputsFirst() throws IOException {
    Map<String, Double> entries = gram("--kernel", "per-output", "--select-outputs", "9,2-3");
    double[] k = Npy.numbers(npy(), "(3, 25, 25)");
    for (int o = 0; o < 3; o++) {
      for (int n = 0; n < N; n++) {
        for (int m = 0; m < N; m++) {
          assertEquals(entry(entries, n, m, " " + o, " " + o), k[(o * N + n) * N + m]);
        }
      }
    }
    assertRows(entries, 3, N);
  }

  @Test
  void fullIsTheMatrixOfSamplesAndOutputs() throws IOException {
    Map<String, Double> entries = gram("--kernel", "full", "--select-outputs", "0-2");
    double[] k = Npy.numbers(npy(), "(25, 3, 25, 3)");
    for (int row = 0; row < 3 * N; row++) {
      for (int column = 0; column < 3 * N; column++) {
        int o = row % 3;
        int p = column % 3;
        double expected = entry(entries, row / 3, column / 3, " " + o + " " + p, " " + p + " " + o);
        assertEquals(expected, k[row * 3 * N + column]);
      }
    }
    assertRows(entries, 9, N);
  }

  @Test
  void oneComponentOrAllInRows() throws IOException {
    Map<String, Double> entries =
        gram("--components", "--params", "1_*,2_W", "--compression", "zstd");
    Ran all = export("--format", "npy", "--to", target("k.npy"));
    assertEquals(2, all.code());
    assertTrue(all.err().contains("has 1_W, 1_b, 2_W. Give --component NAME"), all.err());
    Ran none = export("--format", "npy", "--to", target("k.npy"), "--component", "1_w");
    assertTrue(none.err().contains("no component '1_w'; expected one of 1_W, 1_b"), none.err());
    double[] k = Npy.numbers(npy("--component", "1_b"), "(25, 25)");
    for (int n = 0; n < N; n++) {
      for (int m = 0; m < N; m++) {
        assertEquals(entry(entries, n, m, " 1_b", " 1_b"), k[n * N + m]);
      }
    }
    assertRows(entries, 3, N);
    export("--format", "rows", "--to", target("one"), "--component", "1_b");
    assertEquals(N, Kernels.records(folder.resolve("one/data")).size());
  }

  @Test
  void rectangleHasRowsAndColumnsOfItsOwn() throws IOException {
    Map<String, Double> entries = gram("--input2", Gram.DIGITS, "--where", "id < 100 or label = 1");
    double[] k = Npy.numbers(npy(), "(25, 25)");
    for (int n = 0; n < N; n++) {
      for (int m = 0; m < N; m++) {
        assertEquals(entries.get(n + " " + m), k[n * N + m]);
      }
    }
    assertRows(entries, 1, N);
  }

  @Test
  void refusesWhatIsNotAskedForOrNotComplete() throws IOException {
    gram();
    Path file = Files.writeString(folder.resolve("k.npy"), "mine");
    Ran taken = export("--format", "npy", "--to", file.toString());
    assertEquals(2, taken.code());
    assertTrue(taken.err().contains("k.npy exists. Give another --to"), taken.err());
    assertEquals("mine", Files.readString(file));
    assertEquals(
        0, export("--format", "npy", "--to", file.toString(), "--if-exists", "overwrite").code());
    assertEquals(N * N, Npy.numbers(Files.readAllBytes(file), "(25, 25)").length);
    Path tile = folder.resolve("k/kernel/tile-00001-00002.parquet");
    byte[] bytes = Files.readAllBytes(tile);
    Files.write(tile, Arrays.copyOf(bytes, bytes.length / 2));
    Ran damaged = export("--format", "npy", "--to", target("l.npy"));
    assertEquals(1, damaged.code());
    assertTrue(damaged.err().contains("tile-00001-00002.parquet: cannot be read"), damaged.err());
    assertTrue(
        damaged.err().contains("' without --input computes such tiles again"), damaged.err());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.filter(p -> p.toString().contains(".npy")).toList());
    }
    Files.delete(folder.resolve("k/_SUCCESS"));
    Ran unfinished = export("--format", "npy", "--to", target("l.npy"));
    assertEquals(2, unfinished.code());
    assertTrue(unfinished.err().contains("is not complete: it has no _SUCCESS"), unfinished.err());
  }

  /** The exported rows hold every entry, each row whole, with the index and id of its sample. */
  private void assertRows(Map<String, Double> entries, int cells, int columns) throws IOException {
    Path to = folder.resolve("rows");
    Ran done = export("--format", "rows", "--to", to.toString());
    assertEquals(0, done.code(), done.err());
    assertTrue(Files.exists(to.resolve("_SUCCESS")));
    List<Group> records = new ArrayList<>(Kernels.records(to.resolve("data")));
    assertEquals(N * cells, records.size());
    Map<Long, Long> ids = new TreeMap<>();
    for (Group sample : Kernels.records(folder.resolve("k/samples"))) {
      ids.put(sample.getLong("index", 0), sample.getLong("id", 0));
    }
    for (Group record : records) {
      StringBuilder suffix = new StringBuilder();
      StringBuilder mirrored = new StringBuilder();
      int last = record.getType().getFieldCount();
      for (int field = 3; field < last; field++) {
        suffix.append(' ').append(record.getValueToString(field, 0));
        boolean pair = record.getType().containsField("row_output") && field < 5;
        mirrored.append(' ').append(record.getValueToString(pair ? 7 - field : field, 0));
      }
      long index = record.getLong("index", 0);
      assertEquals(ids.get(index), record.getLong("id", 0));
      Group values = record.getGroup("values", 0);
      assertEquals(columns, values.getFieldRepetitionCount("list"));
      for (int m = 0; m < columns; m++) {
        double value = values.getGroup("list", m).getDouble(0, 0);
        assertEquals(entry(entries, index, m, suffix.toString(), mirrored.toString()), value);
      }
    }
  }

  /** K[n, m] as it is stored, or its mirror image. */
  private static double entry(
      Map<String, Double> entries, long n, long m, String suffix, String mirrored) {
    Double stored = entries.get(n + " " + m + suffix);
    return stored != null ? stored : entries.get(m + " " + n + mirrored);
  }

  private Map<String, Double> gram(String... more) throws IOException {
    List<String> flags = new ArrayList<>(List.of("--limit", "" + N, "--tile", "8"));
    flags.addAll(List.of("--dtype", "double"));
    flags.addAll(List.of(more));
    Gram gram = Gram.digits(folder.resolve("k"), flags.toArray(String[]::new));
    assertEquals(0, gram.code(), gram.err());
    return Kernels.entries(folder.resolve("k/kernel"));
  }

  private byte[] npy(String... more) throws IOException {
    List<String> flags = new ArrayList<>(List.of("--format", "npy", "--to", target("k.npy")));
    flags.addAll(List.of(more));
    Ran done = export(flags.toArray(String[]::new));
    assertEquals(0, done.code(), done.err());
    return Files.readAllBytes(folder.resolve("k.npy"));
  }

  private String target(String name) {
    return folder.resolve(name).toString();
  }

  private Ran export(String... flags) {
    List<String> args = new ArrayList<>(List.of(folder.resolve("k").toString()));
    args.addAll(List.of(flags));
    if (args.contains("rows")) {
      args.addAll(List.of("--master", "local[2]"));
    }
    return Ran.of(new ExportCommand(), args.toArray(String[]::new));
  }
}
