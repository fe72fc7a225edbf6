package dev.tangents.it;

import static dev.tangents.it.Appends.append;
import static dev.tangents.it.Appends.gram;
import static dev.tangents.it.Appends.manifest;
import static dev.tangents.it.Appends.requireSound;
import static dev.tangents.it.Appends.tiles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.cli.AppendCommand;
import dev.tangents.job.cli.ExportCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels of which an append finds files that are not as they were written. */
class DamagedKernelIT {
  private static final String[] MORE = {"--where", "id >= 64 and id < 70"};

  @TempDir private Path folder;

  @Test
  void anAppendToADamagedPanelLeavesTheKernelAsItIs() throws IOException {
    Path kernel = gram(folder, "kernel", "--where", "id < 64", "--tile", "32");
    Path panel = kernel.resolve("samples/panel-00000.parquet");
    byte[] whole = Files.readAllBytes(panel);
    byte[] damaged = whole.clone();
    damaged[damaged.length * 2 / 5] ^= 1;
    Files.write(panel, damaged);
    String message = "panel-00000.parquet: cannot be read as a panel of samples: ";
    for (String dry : new String[] {"--dry-run", "--no-dry-run"}) {
      refused(kernel, message, append(kernel, MORE[0], MORE[1], dry));
    }
    Path tile = kernel.resolve("kernel/tile-00000-00001.parquet");
    Files.delete(tile);
    refused(kernel, message, repaired(kernel));
    assertFalse(Files.exists(tile));
    Files.write(panel, whole);
    Ran repaired = repaired(kernel);
    assertEquals(0, repaired.code(), repaired.err());
    Ran appended = append(kernel, MORE);
    assertEquals(0, appended.code(), appended.err());
    requireSound(kernel);
  }

  /** A panel that is whole in itself, and not the one that tiles were made of. */
  @Test
  void anAppendToAnotherPanelIsRefused() throws IOException {
    Path kernel = gram(folder, "kernel", "--where", "id < 64", "--tile", "32");
    Path samples = kernel.resolve("samples");
    Files.delete(samples.resolve("panel-00001.parquet"));
    Files.copy(samples.resolve("panel-00000.parquet"), samples.resolve("panel-00001.parquet"));
    String expected = manifest(kernel).at("/samples/panel-sha256/1").asText();
    Ran ran = append(kernel, MORE);
    refused(kernel, "panel-00001.parquet: SHA-256 of ids and features is ", ran);
    assertTrue(ran.err().contains(", expected " + expected), ran.err());
  }

  /** Nothing would be computed of it, and who repairs a kernel wants to know. */
  @ParameterizedTest
  @ValueSource(strings = {"samples", "samples2"})
  void aMissingPanelIsNamed(String side) throws IOException {
    Path kernel = gram(folder, "kernel", "--limit", "20", "--tile", "10", "--input2", Gram.DIGITS);
    Files.delete(kernel.resolve(side).resolve("panel-00001.parquet"));
    String message = side + "/panel-00001.parquet: is missing";
    refused(kernel, message, append(kernel, MORE));
    refused(kernel, message, repaired(kernel));
    String to = folder.resolve("rows").toString();
    Ran exported =
        Ran.of(
            new ExportCommand(),
            kernel.toString(),
            "--format",
            "rows",
            "--to",
            to,
            "--master",
            "local[2]");
    if (side.equals("samples")) {
      refused(kernel, message, exported);
    } else {
      assertEquals(0, exported.code(), exported.err());
    }
  }

  private static Ran repaired(Path kernel) {
    return Ran.of(new AppendCommand(), kernel.toString(), "--master", "local[2]");
  }

  private static void refused(Path kernel, String message, Ran ran) throws IOException {
    assertEquals(1, ran.code(), ran.err());
    assertTrue(ran.err().contains("error (data): "), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertTrue(ran.err().contains("computed again by gram with --if-exists overwrite"), ran.err());
    assertTrue(Files.exists(kernel.resolve("_SUCCESS")), ran.err());
    assertTrue(Files.exists(kernel.resolve("_tangents.json")), ran.err());
    assertFalse(Files.exists(kernel.resolve("_append-base.json")), ran.err());
    assertFalse(tiles(kernel).isEmpty());
  }

  @Test
  void whatIsNoTileIsNamedBeforeTilesAreComputed() throws IOException {
    Path kernel = gram(folder, "kernel", "--where", "id < 64", "--tile", "32");
    Path tile = kernel.resolve("kernel/tile-00001-00001.parquet");
    Path stranger = kernel.resolve("kernel/x y.parquet");
    Files.move(tile, stranger);
    Files.createDirectory(tile);
    for (Ran ran : new Ran[] {repaired(kernel), append(kernel, MORE)}) {
      assertEquals(1, ran.code(), ran.err());
      assertTrue(
          ran.err().contains("tile-00001-00001.parquet: is a folder, expected the file"),
          ran.err());
      assertTrue(Files.exists(kernel.resolve("_SUCCESS")));
    }
    Files.delete(tile);
    Ran repaired = repaired(kernel);
    assertEquals(0, repaired.code(), repaired.err());
    assertTrue(repaired.err().contains("note: file:" + stranger + " is no tile"), repaired.err());
    Files.delete(stranger);
    Ran again = repaired(kernel);
    assertEquals(0, again.code(), again.err());
    assertFalse(again.err().contains("is no tile"), again.err());
    requireSound(kernel);
  }
}
