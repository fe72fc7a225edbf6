package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that did not end, taken up again: what is left of it is made by removing files. */
class ResumeIT {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path folder;
  private Path output;
  private Map<String, byte[]> undisturbed;
  private double flops;

  @BeforeEach
  void run() throws IOException {
    output = folder.resolve("out");
    Gram whole = Gram.digits(output, "--limit", "300", "--tile", "64");
    assertEquals(0, whole.code(), whole.err());
    undisturbed = kernel();
    assertEquals(15, undisturbed.size());
    assertTrue(whole.out().contains("\n  15 tiles, "), whole.out());
    flops = manifest().get("flops").asDouble();
  }

  private Gram resume(String... more) {
    String[] flags =
        Stream.concat(
                Stream.of("--limit", "300", "--tile", "64", "--if-exists", "resume"),
                Stream.of(more))
            .toArray(String[]::new);
    return Gram.digits(output, flags);
  }

  private JsonNode manifest() throws IOException {
    return new ObjectMapper().readTree(output.resolve("_tangents.json").toFile());
  }

  private Map<String, byte[]> kernel() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(output.resolve("kernel"))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private Path tile(int row, int column) {
    return output.resolve("kernel").resolve("tile-0000%d-0000%d.parquet".formatted(row, column));
  }

  private void unfinish() throws IOException {
    for (String name : List.of("_SUCCESS", "._SUCCESS.crc", "_tangents.json")) {
      Files.deleteIfExists(output.resolve(name));
    }
  }

  private void requireUndisturbed() throws IOException {
    Map<String, byte[]> now = kernel();
    assertEquals(undisturbed.keySet(), now.keySet());
    undisturbed.forEach((name, bytes) -> assertArrayEquals(bytes, now.get(name), name));
    assertTrue(Files.exists(output.resolve("_SUCCESS")));
    assertFalse(Files.exists(output.resolve("_lock")));
  }

  @Test
  void tilesThatAreThereStayAndTheOthersAreComputed() throws IOException {
    unfinish();
    Files.delete(tile(0, 0));
    Files.delete(tile(1, 3));
    Files.writeString(output.resolve("kernel/_tile-00001-00003-77"), "left by a killed task");
    for (String name : kernel().keySet()) {
      Files.setLastModifiedTime(output.resolve("kernel").resolve(name), LONG_AGO);
    }
    Gram resumed = resume();
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("resumed: 13 of 15 tiles are there"), resumed.err());
    assertTrue(resumed.out().contains("  2 new of 15 tiles, "), resumed.out());
    // A diagonal tile and one beside it, in panels 0, 1 and 3 of 64 samples.
    double share = manifest().get("flops").asDouble() / flops;
    assertTrue(share > 0.05 && share < 0.7, () -> "of all operations " + share);
    assertEquals(13, manifest().get("check").get("tiles-kept").asInt());
    requireUndisturbed();
    assertFalse(Files.exists(output.resolve("kernel/_tile-00001-00003-77")));
    try (Stream<Path> all = Files.list(output.resolve("kernel"))) {
      List<Path> written =
          all.filter(path -> path.toString().endsWith(".parquet"))
              .filter(path -> !modified(path).equals(LONG_AGO))
              .sorted()
              .toList();
      assertEquals(List.of(tile(0, 0), tile(1, 3)), written);
    }
  }

  private static FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aDamagedTileIsComputedAgain() throws IOException {
    unfinish();
    byte[] bytes = undisturbed.get(tile(0, 1).getFileName().toString()).clone();
    bytes[bytes.length / 2] ^= 1;
    Files.write(tile(0, 1), bytes);
    Files.write(tile(0, 2), new byte[100]);
    Gram resumed = resume();
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("a tile was removed and computed again: "), resumed.err());
    assertTrue(resumed.err().contains("tile-00000-00001.parquet: "), resumed.err());
    assertFalse(resumed.err().contains("Remove"), resumed.err());
    requireUndisturbed();
  }

  /** Of a damaged tile a footer can be whole. */
  @Test
  void aDryRunSaysWhatIsThereAndChangesNothing() throws IOException {
    unfinish();
    Files.delete(tile(0, 0));
    Files.delete(tile(1, 3));
    Files.write(tile(0, 2), new byte[100]);
    Files.copy(tile(0, 1), tile(2, 2), StandardCopyOption.REPLACE_EXISTING);
    Map<String, byte[]> before = kernel();
    Gram planned = resume("--dry-run");
    assertEquals(0, planned.code(), planned.err());
    assertTrue(
        planned
            .out()
            .contains(
                "\ntiles there     11 of 15 tiles; 2 damaged or of another run, 2 not there yet (by files"
                    + " and their footers; no number was read)\nto compute      4 tiles, "),
        planned.out());
    Map<String, byte[]> after = kernel();
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    assertFalse(Files.exists(output.resolve("_SUCCESS")));
    Gram other = resume("--dry-run", "--dtype", "double");
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("dtype is DOUBLE, was FLOAT"), other.err());

    assertEquals(0, resume().code());
    requireUndisturbed();
    Gram nothing = resume("--dry-run");
    assertTrue(nothing.out().contains("\ntiles there     15 of 15 tiles (by files"), nothing.out());
    assertTrue(nothing.out().contains("\nto compute      nothing, unless"), nothing.out());
    assertTrue(Files.exists(output.resolve("_SUCCESS")));
  }

  @Test
  void aRunThatWasKilledBeforeItsFirstTileBeginsAgain() throws IOException {
    unfinish();
    Files.delete(output.resolve("_run.json"));
    Gram resumed = resume();
    assertEquals(0, resumed.code(), resumed.err());
    assertFalse(resumed.err().contains("resumed"), resumed.err());
    requireUndisturbed();
  }

  @Test
  void anotherRunIsRefusedAndTheResultStaysComplete() throws IOException {
    Gram other = resume("--dtype", "double");
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("dtype is DOUBLE, was FLOAT"), other.err());
    requireUndisturbed();
    Gram rows = resume("--where", "label < 5");
    assertEquals(2, rows.code(), rows.err());
    assertTrue(rows.err().contains("input-sha256-0 is"), rows.err());
    requireUndisturbed();
    Gram model = resume("--model", "mlp:64-32-10:tanh?seed=3");
    assertEquals(2, model.code(), model.err());
    assertTrue(model.err().contains("model-sha256 is"), model.err());
    requireUndisturbed();
  }

  @Test
  void resumeOfNothingIsAFreshRun() throws IOException {
    output = folder.resolve("fresh");
    Gram fresh = resume();
    assertEquals(0, fresh.code(), fresh.err());
    requireUndisturbed();
  }

  @Test
  void aDamagedRecordOfTheRunIsNoFaultOfTheDisk() throws IOException {
    unfinish();
    Path record = output.resolve("_run.json");
    byte[] damaged = Files.readAllBytes(record);
    damaged[damaged.length / 2] ^= 1;
    Files.write(record, damaged);
    Gram resumed = resume();
    assertEquals(1, resumed.code(), resumed.err());
    assertTrue(
        resumed.err().contains("error (data): file:" + record + ": the record of"), resumed.err());
    assertTrue(
        resumed.err().contains("gram with --if-exists overwrite begins anew"), resumed.err());
  }
}
