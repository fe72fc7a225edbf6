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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.job.cli.AppendCommand;
import dev.tangents.job.cli.ExportCommand;
import dev.tangents.job.cli.VerifyCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tangents append}: a kernel that grows. */
class AppendIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"trace", "full", "per-output", "sum"})
  void anAppendIsTheFreshRunBitForBitWherePanelsAreTheSame(String kind) throws IOException {
    String[] kernel = {"--kernel", kind, "--select-outputs", "0-2", "--tile", "32", "--components"};
    Path fresh = gram(folder, "fresh", with(kernel, "--where", "id < 100"));
    Path grown = gram(folder, "grown", with(kernel, "--where", "id < 64"));
    Map<String, byte[]> before = tiles(grown);
    Ran appended = append(grown, "--where", "id >= 64 and id < 100");
    assertEquals(0, appended.code(), appended.err());
    assertTrue(appended.out().contains("7 new of 10 tiles"), appended.out());
    assertEquals(
        Kernels.entries(fresh.resolve("kernel")), Kernels.entries(grown.resolve("kernel")));
    Map<String, byte[]> after = tiles(grown);
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    assertEquals(
        manifest(fresh).get("samples").get("sha256"), manifest(grown).get("samples").get("sha256"));
    assertEquals(picture(fresh), picture(grown));
    requireSound(grown);
  }

  @Test
  void samplesBeginAPanelOfTheirOwnAndMayComeOftenAndMirrored() throws IOException {
    Path fresh = gram(folder, "fresh", "--where", "id < 120", "--tile", "32", "--dtype", "double");
    Path grown =
        gram(
            folder, "grown", "--where", "id < 40", "--tile", "32", "--dtype", "double", "--mirror");
    for (String where : List.of("id >= 40 and id < 50", "id >= 50 and id < 120")) {
      Ran appended = append(grown, "--where", where);
      assertEquals(0, appended.code(), appended.err());
    }
    assertEquals(
        "id < 40, samples [0,40]; id >= 40 and id < 50, samples [40,50];"
            + " id >= 50 and id < 120, samples [50,120]",
        sources(grown));
    assertEquals(
        "[[0,32],[32,40],[40,50],[50,82],[82,114],[114,120]]",
        manifest(grown).get("samples").get("panels").toString());
    assertEquals(36, tiles(grown).size());
    Map<String, Double> entries = Kernels.entries(grown.resolve("kernel"));
    for (Map.Entry<String, Double> entry : Kernels.entries(fresh.resolve("kernel")).entrySet()) {
      double found = entries.get(entry.getKey());
      assertEquals(entry.getValue(), found, 1e-9 * Math.abs(entry.getValue()), entry.getKey());
    }
    assertEquals(picture(fresh), picture(grown));
    requireSound(grown);
    Path file = folder.resolve("k.npy");
    Ran exported =
        Ran.of(new ExportCommand(), grown.toString(), "--format", "npy", "--to", file.toString());
    assertEquals(0, exported.code(), exported.err());
    double[] array = Npy.numbers(Files.readAllBytes(file), "(120, 120)");
    assertEquals(entries.get("49 118"), array[49 * 120 + 118]);
    assertEquals(entries.get("118 49"), array[118 * 120 + 49]);
  }

  /** What the manifest says of where the samples are from. */
  private static String sources(Path output) throws IOException {
    List<String> all = new ArrayList<>();
    for (JsonNode source : manifest(output).path("sources")) {
      assertEquals(all.isEmpty() ? "gram" : "append", source.get("command").asText());
      assertEquals(Gram.DIGITS, source.get("input").asText());
      assertEquals("id", source.get("id").asText());
      all.add(source.get("where").asText() + ", samples " + source.get("samples"));
    }
    return String.join("; ", all);
  }

  /** As it was written before there were any. */
  private static void withoutSources(Path output) throws IOException {
    JsonNode manifest = manifest(output);
    ((ObjectNode) manifest).remove("sources");
    Files.delete(output.resolve("._tangents.json.crc"));
    Files.writeString(output.resolve("_tangents.json"), manifest.toString());
  }

  @Test
  void rowsOfARectangularKernelGrow() throws IOException {
    String[] columns = {"--input2", Gram.DIGITS, "--tile", "16", "--limit", "32"};
    Path grown = gram(folder, "grown", columns);
    withoutSources(grown);
    Ran appended = append(grown, "--where", "id >= 100 and id < 110");
    assertEquals(0, appended.code(), appended.err());
    JsonNode manifest = manifest(grown);
    assertEquals("[[0,16],[16,32],[32,42]]", manifest.get("samples").get("panels").toString());
    assertEquals("[[0,16],[16,32]]", manifest.get("samples2").get("panels").toString());
    assertEquals("[0,32]", manifest.at("/sources/0/samples2").toString());
    assertEquals("[32,42]", manifest.at("/sources/1/samples").toString());
    assertTrue(manifest.at("/sources/1/samples2").isMissingNode());
    Map<String, Double> entries = Kernels.entries(grown.resolve("kernel"));
    assertEquals(42 * 32, entries.size());
    requireSound(grown);
  }

  @Test
  void anotherPrecisionThanTheKernelsIsRefused() throws IOException {
    Path strict = gram(folder, "strict", "--where", "id < 40", "--tile", "32");
    Ran other = append(strict, "--where", "id >= 40 and id < 50", "--precision", "tf32");
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("precision is tf32, was strict"), other.err());
    requireSound(strict);
  }

  @Test
  void withoutAnInputDamagedTilesAreComputedAgain() throws IOException {
    Path grown = gram(folder, "grown", "--where", "id < 64", "--tile", "32", "--mirror");
    assertEquals(0, append(grown, "--where", "id >= 64 and id < 100").code());
    Map<String, byte[]> whole = tiles(grown);
    Path kernel = grown.resolve("kernel");
    Files.delete(kernel.resolve("tile-00000-00001.parquet"));
    for (String damaged : List.of("tile-00002-00003.parquet", "tile-00003-00000.parquet")) {
      byte[] bytes = whole.get(damaged);
      Files.write(kernel.resolve(damaged), Arrays.copyOf(bytes, bytes.length / 2));
    }
    Files.copy(
        kernel.resolve("tile-00001-00001.parquet"), kernel.resolve("tile-00001-00009.parquet"));
    Ran dry = Ran.of(new AppendCommand(), grown.toString(), "--master", "local[2]", "--dry-run");
    assertEquals(0, dry.code(), dry.err());
    assertTrue(
        dry.out()
            .contains(
                "\ntiles there     7 of 10 tiles; 2 damaged or of another run, 1 missing (by files"),
        dry.out());
    assertTrue(dry.out().contains("\nto compute      3 tiles, "), dry.out());
    Ran repaired = Ran.of(new AppendCommand(), grown.toString(), "--master", "local[2]");
    assertEquals(0, repaired.code(), repaired.err());
    assertTrue(
        repaired.err().contains("note: a tile was removed and computed again: "), repaired.err());
    assertFalse(repaired.err().contains("Remove"), repaired.err());
    Map<String, byte[]> now = tiles(grown);
    assertEquals(whole.keySet(), now.keySet());
    whole.forEach((name, bytes) -> assertArrayEquals(bytes, now.get(name), name));
    assertEquals(2, manifest(grown).get("runs").size());
    assertEquals(
        "id < 64, samples [0,64]; id >= 64 and id < 100, samples [64,100]", sources(grown));
    assertTrue(repaired.out().contains("  3 new of 10 tiles, "), repaired.out());
    requireSound(grown);
  }

  /** Whoever forgets the input must not think that samples were added. */
  @Test
  void aChoiceOfRowsWithoutAnInputIsRefused() throws IOException {
    Path kernel = gram(folder, "kernel", "--limit", "20", "--tile", "10");
    for (String[] choice :
        List.of(new String[] {"--where", "id >= 20"}, new String[] {"--limit", "5"})) {
      Ran ran = Ran.of(new AppendCommand(), kernel.toString(), choice[0], choice[1]);
      assertEquals(2, ran.code(), ran.err());
      assertTrue(
          ran.err().contains(choice[0].substring(2) + ": it chooses rows of an input"), ran.err());
    }
    assertEquals(20, manifest(kernel).get("N").asInt());
  }

  /** An engine may compute in another width than that of the files. */
  @ParameterizedTest
  @CsvSource({
    "nd4j,float,trace",
    "reference,float,trace",
    "reference,float,full",
    "reference,double,trace"
  })
  void withoutAnInputASoundKernelStaysAsItIs(String engine, String dtype, String kind)
      throws IOException {
    String[] run = {"--engine", engine, "--dtype", dtype, "--kernel", kind, "--tile", "12"};
    Path sound =
        gram(folder, "sound", with(run, "--limit", "20", "--select-outputs", "0-1", "--mirror"));
    Path tile = sound.resolve("kernel/tile-00000-00001.parquet");
    FileTime written = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(tile, written);
    Ran again = Ran.of(new AppendCommand(), sound.toString(), "--master", "local[2]");
    assertEquals(0, again.code(), again.err());
    assertFalse(again.err().contains("computed again"), again.err());
    assertEquals(written, Files.getLastModifiedTime(tile));
  }

  /** The numbers of old tiles are not read, however many there are: their footers say enough. */
  @Test
  void anAppendReadsNoTileThatIsThere() throws IOException {
    Path grown = gram(folder, "grown", "--where", "id < 1088", "--tile", "64");
    Path old = grown.resolve("kernel/tile-00003-00007.parquet");
    byte[] whole = Files.readAllBytes(old);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 8] ^= 1;
    Files.write(old, damaged);
    assertEquals(0, append(grown, "--where", "id >= 1088 and id < 1200").code());
    assertArrayEquals(damaged, Files.readAllBytes(old));
    // By label and in bins of two samples.
    Path fresh = gram(folder, "fresh", "--where", "id < 1200", "--tile", "64");
    assertEquals(picture(fresh), picture(grown));

    Ran verified = Ran.of(new VerifyCommand(), grown.toString(), "--master", "local[2]");
    assertEquals(1, verified.code());
    String found = verified.out() + verified.err();
    assertTrue(found.contains("tile-00003-00007.parquet"), found);
    Ran repaired = Ran.of(new AppendCommand(), grown.toString(), "--master", "local[2]");
    assertEquals(0, repaired.code(), repaired.err());
    assertArrayEquals(whole, Files.readAllBytes(old));
    assertEquals(picture(fresh), picture(grown));
    requireSound(grown);
  }

  /** Heat map, table of labels and diagonal of a report. */
  private static String picture(Path output) throws IOException {
    String page = Files.readString(output.resolve("report.html"));
    int begin = page.indexOf("<img");
    return page.substring(begin, page.indexOf("<h2>Provenance", begin));
  }

  @Test
  void whatCannotBeAddedLeavesTheKernelComplete() throws IOException {
    Path grown = gram(folder, "grown", "--where", "id < 64", "--tile", "32");
    Map<String, byte[]> before = tiles(grown);
    refused(
        grown,
        1,
        "ids that are there already: 51, 52, 53, 54, 55 and 8 more",
        "--where",
        "id > 50 and id < 70");
    refused(grown, 2, "has SHA-256", "--model", "mlp:64-32-10:tanh?seed=3");
    refused(grown, 2, "Give --input alone", "--input2", Gram.DIGITS);
    Map<String, byte[]> after = tiles(grown);
    assertEquals(before.keySet(), after.keySet());
    requireSound(grown);

    // A scheduler that repeats its command does not add its samples twice.
    Path plain = folder.resolve("plain");
    String[] network = {"--model", "mlp:64-16-10:tanh?seed=3", "--input", Gram.DIGITS};
    String[] run = {"--output", plain.toString(), "--master", "local[2]", "--limit", "40"};
    Gram without = Gram.run(with(network, run));
    assertEquals(0, without.code(), without.err());
    assertEquals(0, append(plain, "--limit", "7").code());
    Ran planned = append(plain, "--limit", "8", "--dry-run");
    assertEquals(0, planned.code(), planned.err());
    assertTrue(planned.out().contains("\nN  samples      55 (8 new)\n"), planned.out());
    assertTrue(planned.out().contains("\ntiles           6 (3 new) of up to "), planned.out());
    refused(plain, 1, "the samples that were added last", "--limit", "7");
    refused(plain, 1, "Name the same columns by --id", "--id", "id", "--limit", "8");
    assertEquals(47, manifest(plain).get("N").asInt());
  }

  /** Whether it is run or only planned. */
  private static void refused(Path output, int code, String message, String... flags)
      throws IOException {
    for (String run : List.of("--dry-run", "--no-dry-run")) {
      Ran ran = append(output, with(flags, run));
      assertEquals(code, ran.code(), ran.err());
      assertTrue(ran.err().contains(message), ran.err());
    }
    assertTrue(Files.exists(output.resolve("_SUCCESS")));
    assertTrue(Files.exists(output.resolve("report.html")));
    assertFalse(Files.exists(output.resolve("_append-base.json")));
  }
}
