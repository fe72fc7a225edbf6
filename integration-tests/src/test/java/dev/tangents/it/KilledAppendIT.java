package dev.tangents.it;

import static dev.tangents.it.Appends.append;
import static dev.tangents.it.Appends.gram;
import static dev.tangents.it.Appends.manifest;
import static dev.tangents.it.Appends.requireSound;
import static dev.tangents.it.Appends.tiles;
import static dev.tangents.it.Appends.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.cli.AppendCommand;
import dev.tangents.job.cli.VerifyCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tangents append} that was killed, or left its traces. */
class KilledAppendIT {
  @TempDir private Path folder;

  @Test
  void anAppendThatWasKilledGoesOnWhereItEnded() throws IOException {
    Path grown = gram(folder, "grown", "--where", "id < 64", "--tile", "32");
    Path manifest = grown.resolve("_tangents.json");
    byte[] base = Files.readAllBytes(manifest);
    byte[] run = Files.readAllBytes(grown.resolve("_run.json"));
    String[] where = {"--where", "id >= 64 and id < 128"};
    assertEquals(0, append(grown, where).code());
    Map<String, byte[]> whole = tiles(grown);
    // As a driver leaves it that is killed between two tiles.
    Files.write(grown.resolve("_append-base.json"), base);
    Files.move(grown.resolve("_run.json"), grown.resolve("_append-run.json"));
    Files.write(grown.resolve("_run.json"), run);
    try (Stream<Path> all = Files.list(grown)) {
      for (Path file :
          all.filter(path -> path.getFileName().toString().endsWith(".crc")).toList()) {
        Files.delete(file);
      }
    }
    Files.delete(manifest);
    Files.delete(grown.resolve("_SUCCESS"));
    Files.delete(grown.resolve("kernel/tile-00001-00003.parquet"));

    Ran verified = Ran.of(new VerifyCommand(), grown.toString(), "--master", "local[2]");
    assertEquals(2, verified.code(), verified.err());
    assertTrue(
        verified.err().contains("is being added to by an append that has not ended. If it was"),
        verified.err());
    Gram resumed =
        Gram.digits(grown, "--where", "id < 64", "--tile", "32", "--if-exists", "resume");
    assertEquals(2, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("an append had added that has not ended"), resumed.err());
    for (String dry : List.of("--no-dry-run", "--dry-run")) {
      Ran other = append(grown, "--where", "id >= 64 and id < 130", dry);
      assertEquals(2, other.code(), other.err());
      assertTrue(other.err().contains("samples is 130, was 128. Run"), other.err());
      assertFalse(other.err().contains("samples2"), other.err());
      Ran moved = append(grown, "--where", "id >= 65 and id < 129", dry);
      assertEquals(2, moved.code(), moved.err());
      assertTrue(moved.err().contains("input-sha256-0 is "), moved.err());
    }
    Ran planned = append(grown, with(where, "--dry-run"));
    assertEquals(0, planned.code(), planned.err());
    assertTrue(
        planned.out().contains("\ntiles there     9 of 10 tiles; 1 not there yet (by files"),
        planned.out());
    Ran anew = append(grown, with(where, "--dry-run", "--if-exists", "overwrite"));
    assertEquals(0, anew.code(), anew.err());
    assertTrue(
        anew.out().contains("\ntiles there     3 of 10 tiles; 7 not there yet (by files"),
        anew.out());

    Ran appended = append(grown, where);
    assertEquals(0, appended.code(), appended.err());
    assertTrue(appended.err().contains("resumed: 9 of 10 tiles are there"), appended.err());
    Map<String, byte[]> now = tiles(grown);
    assertEquals(whole.keySet(), now.keySet());
    whole.forEach((name, bytes) -> assertArrayEquals(bytes, now.get(name), name));
    assertFalse(Files.exists(grown.resolve("_append-base.json")));
    requireSound(grown);
  }

  /** Whichever command meets it, the same one helps. */
  @Test
  void anAppendThatDidNotEndIsContinuedByTheCommandThatEveryMessageNames() throws IOException {
    Path grown = gram(folder, "grown", "--where", "id < 64", "--tile", "32");
    // Their entries of the kernel are beyond a float, which is seen when it is there.
    Path large = folder.resolve("large.json");
    String features = String.join(",", Collections.nCopies(64, "1e30"));
    Files.writeString(
        large,
        IntStream.of(70, 71, 72)
            .mapToObj(id -> "{\"id\":%d,\"label\":1,\"features\":[%s]}%n".formatted(id, features))
            .collect(Collectors.joining()));
    String rows = "id < 72";
    String[] added = {"--input", large.toString(), "--where", rows, "--master", "local[2]"};
    Ran failed = Ran.of(new AppendCommand(), with(new String[] {grown.toString()}, added));
    assertEquals(1, failed.code(), failed.err());
    assertTrue(Files.exists(grown.resolve("_append-run.json")), failed.err());

    String command =
        "un 'tangents append %s --input %s --where \"%s\"'".formatted(grown, large, rows);
    String[] begun = {"--where", "id < 64", "--tile", "32"};
    Gram again = Gram.digits(grown, begun);
    assertEquals(2, again.code(), again.err());
    assertTrue(again.err().contains(command), again.err());
    Gram resumed = Gram.digits(grown, with(begun, "--if-exists", "resume"));
    assertEquals(2, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains(command), resumed.err());
    Ran verified = Ran.of(new VerifyCommand(), grown.toString(), "--master", "local[2]");
    assertEquals(2, verified.code(), verified.err());
    assertTrue(verified.err().contains(command), verified.err());
    Ran other = append(grown, "--limit", "3");
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains(command), other.err());
    Ran nothing = Ran.of(new AppendCommand(), grown.toString(), "--master", "local[2]");
    assertEquals(2, nothing.code(), nothing.err());
    assertTrue(nothing.err().contains("samples is 64, was 66. Run"), nothing.err());
    assertTrue(nothing.err().contains(command), nothing.err());

    String[] others = {"--where", "id >= 64 and id < 100", "--if-exists", "overwrite"};
    assertEquals(0, append(grown, others).code());
    requireSound(grown);
    Gram grownAlready = Gram.digits(grown, with(begun, "--if-exists", "resume"));
    assertEquals(2, grownAlready.code(), grownAlready.err());
    assertTrue(
        grownAlready.err().contains("Run 'tangents append " + grown + "', which"),
        grownAlready.err());
  }

  /** A kernel of 64 samples and those of an append, and what an append keeps until its end. */
  private Path appendedWithTraces(String where) throws IOException {
    Path grown = gram(folder, "grown", "--where", "id < 64", "--tile", "32");
    byte[] base = Files.readAllBytes(grown.resolve("_tangents.json"));
    assertEquals(0, append(grown, "--where", where).code());
    Files.write(grown.resolve("_append-base.json"), base);
    Files.copy(grown.resolve("_run.json"), grown.resolve("_append-run.json"));
    return grown;
  }

  @Test
  void anUnfinishedAppendCanBeBegunAgain() throws IOException {
    Path grown = appendedWithTraces("id >= 64 and id < 160");
    // Of samples that are not the next append's.
    Files.createDirectories(grown.resolve("_factors"));
    Files.write(grown.resolve("_factors/panel-00002-00000.factors"), new byte[1 << 20]);
    Files.delete(grown.resolve("_tangents.json"));
    Files.delete(grown.resolve("_SUCCESS"));
    Ran other = append(grown, "--where", "id >= 64 and id < 100", "--if-exists", "overwrite");
    assertEquals(0, other.code(), other.err());
    assertEquals(100, manifest(grown).get("N").asInt());
    assertEquals(10, tiles(grown).size());
    requireSound(grown);
  }

  /** Its manifest is there, and only what it kept aside is not removed yet. */
  @Test
  void anAppendThatCompletedIsNotTakenBackWhereItsTracesStay() throws IOException {
    Path grown = appendedWithTraces("id >= 64 and id < 100");
    Ran next = append(grown, "--where", "id >= 100 and id < 120");
    assertEquals(0, next.code(), next.err());
    assertEquals(120, manifest(grown).get("N").asInt());
    assertFalse(Files.exists(grown.resolve("_append-base.json")));
    assertFalse(Files.exists(grown.resolve("_append-run.json")));
    requireSound(grown);
  }
}
