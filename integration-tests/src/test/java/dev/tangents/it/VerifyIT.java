package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.cli.VerifyCommand;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tangents verify}: sound kernels pass, and each fault is found and named. */
class VerifyIT {
  @TempDir private Path folder;
  private Path output;

  private void gram(String... more) {
    output = folder.resolve("k");
    List<String> flags = new ArrayList<>(List.of("--limit", "100", "--tile", "32"));
    flags.addAll(List.of(more));
    Gram gram = Gram.digits(output, flags.toArray(String[]::new));
    assertEquals(0, gram.code(), gram.err());
  }

  private Ran verify(String... more) {
    List<String> flags = new ArrayList<>(List.of(output.toString(), "--master", "local[2]"));
    flags.addAll(List.of(more));
    return Ran.of(new VerifyCommand(), flags.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "trace, float, false",
    "trace, double, true",
    "full, float, true",
    "per-output, double, false",
    "sum, float, false"
  })
  void aSoundKernelPasses(String kind, String dtype, boolean components) throws IOException {
    gram(
        "--kernel",
        kind,
        "--dtype",
        dtype,
        "--select-outputs",
        "1,4-5",
        components ? "--components" : "--no-components");
    Ran verified = verify("--json");
    assertEquals(0, verified.code(), verified.err());
    JsonNode facts = new ObjectMapper().readTree(verified.out());
    assertEquals("verified", facts.get("status").asText());
    assertEquals(10, facts.get("tiles").asInt());
    double residual = facts.get("worst-residual").asDouble();
    double rounding = dtype.equals("float") ? 1e-5 : 1e-13;
    assertTrue(residual > 0 && residual < rounding, verified.out());
  }

  @Test
  void aRectangularKernelPasses() {
    gram("--input2", Gram.DIGITS, "--where", "id < 40 or label = 1");
    Ran verified = verify();
    assertEquals(0, verified.code(), verified.err());
    assertTrue(verified.out().contains("16 tiles and 8 panels"), verified.out());
  }

  @Test
  void everyFaultOfTheFilesIsNamed() throws IOException {
    gram("--mirror");
    Path kernel = output.resolve("kernel");
    byte[] bytes = Files.readAllBytes(kernel.resolve("tile-00000-00001.parquet"));
    byte[] footer = Files.readAllBytes(kernel.resolve("tile-00000-00003.parquet"));
    bytes[bytes.length / 8] ^= 1;
    Files.write(kernel.resolve("tile-00000-00001.parquet"), bytes);
    int at = new String(footer, StandardCharsets.ISO_8859_1).indexOf("tangents.sums") + 100;
    footer[at] = (byte) (footer[at] == 'A' ? 'B' : 'A');
    Files.write(kernel.resolve("tile-00000-00003.parquet"), footer);
    Files.copy(
        kernel.resolve("tile-00002-00002.parquet"), kernel.resolve("tile-00009-00009.parquet"));
    Files.delete(kernel.resolve("tile-00000-00002.parquet"));
    change(new Tile(1, 1), numbers -> numbers[1] += 1);
    change(new Tile(3, 2), numbers -> numbers[0] += 1);
    Path panel = output.resolve("samples/panel-00001.parquet");
    Files.copy(
        output.resolve("samples/panel-00000.parquet"),
        panel,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Ran verified = verify("--checks", "files", "--model", "gone.zip");
    assertEquals(1, verified.code());
    String err = verified.err();
    assertTrue(err.contains("7 faults in its files"), err);
    assertTrue(err.contains("tile-00000-00001.parquet: cannot be read as a tile"), err);
    assertTrue(err.contains("tile-00000-00003.parquet: the tangents.sums of its footer"), err);
    assertTrue(err.contains("tile-00009-00009.parquet: is no tile of this kernel"), err);
    assertTrue(err.contains("tile-00000-00002.parquet: is missing"), err);
    assertTrue(err.contains("tile-00001-00001.parquet: is not symmetric"), err);
    assertTrue(err.contains("tile-00003-00002.parquet: is not the mirror image of"), err);
    assertTrue(err.contains("panel-00001.parquet: SHA-256 of ids and features is"), err);
  }

  /** A file that is whole in itself, with numbers that are wrong. */
  private void change(Tile tile, Consumer<float[]> wrong) throws IOException {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path kernel = new org.apache.hadoop.fs.Path(output + "/kernel");
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(kernel, tile.fileName());
    TileValues values;
    Map<String, String> facts;
    long row;
    long column;
    try (TileReader reader = TileReader.open(hadoop, path)) {
      values = reader.read();
      facts = reader.facts();
      row = reader.rowStart();
      column = reader.columnStart();
    }
    HostTensor numbers = values.components().get(0);
    wrong.accept(numbers.floats());
    Files.delete(Path.of(path.toString()));
    TileWriter.Form form =
        new TileWriter.Form(List.of(""), Precision.FLOAT, Compression.NONE, Map.of());
    new TileWriter(hadoop, kernel, 0, form).write(tile, row, column, values, facts);
  }

  @Test
  void numbersOfAnotherNetworkAreFound() throws IOException {
    gram();
    change(
        new Tile(0, 2),
        numbers -> {
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= 1.05f;
          }
        });
    assertEquals(0, verify("--checks", "files").code());
    Ran verified = verify();
    assertEquals(1, verified.code(), verified.out());
    assertTrue(verified.err().contains("K v and J (J^T v) differ by"), verified.err());
    assertTrue(verified.err().matches("(?s).*in panel [02] of the rows.*"), verified.err());
    Ran lenient = verify("--max-residual", "0.1");
    assertEquals(0, lenient.code(), lenient.err());
  }

  @Test
  void theModelMustBeTheKernels() {
    gram();
    Ran other = verify("--model", "mlp:64-32-10:tanh?seed=3");
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("model:"), other.err());
  }

  @Test
  void aDryRunTellsTheCost() {
    gram();
    Ran dry = verify("--dry-run");
    assertEquals(0, dry.code(), dry.err());
    assertTrue(dry.out().startsWith("K v against J (J^T v): about "), dry.out());
  }

  @Test
  void whatIsNoTileAndATileInAnothersPlaceAreSaidInWords() throws IOException {
    gram();
    Path kernel = output.resolve("kernel");
    Files.move(kernel.resolve("tile-00002-00003.parquet"), kernel.resolve("x y.parquet"));
    Files.copy(
        kernel.resolve("tile-00003-00003.parquet"), kernel.resolve("tile-00002-00003.parquet"));
    Files.delete(kernel.resolve("tile-00001-00001.parquet"));
    Files.createDirectory(kernel.resolve("tile-00001-00001.parquet"));
    Ran verified = verify("--checks", "files");
    assertEquals(1, verified.code());
    String err = verified.err();
    assertTrue(err.contains("3 faults in its files"), err);
    assertTrue(
        err.contains(
            "tile-00002-00003.parquet: holds tile (3, 3) of rows [96, 100) and columns [96, 100) in float with"
                + " 1 block; expected tile (2, 3) of rows [64, 96) and columns [96, 100) in float with 1 block as"),
        err);
    assertTrue(err.contains("tile-00001-00001.parquet: is a folder, expected the file of"), err);
    assertTrue(err.contains("x y.parquet: is no tile of this kernel, and who reads the"), err);
  }
}
