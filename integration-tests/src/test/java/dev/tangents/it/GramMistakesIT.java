package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users get wrong: a message that names the thing and the cure, and nothing touched. */
class GramMistakesIT {
  @TempDir private Path folder;

  @Test
  void dryRunPrintsThePlanAndWritesNothing() {
    Path output = folder.resolve("out");
    Gram gram = Gram.digits(output, "--dry-run", "--kernel", "full", "--tile", "100");
    assertEquals(0, gram.code(), gram.err());
    assertFalse(Files.exists(output));
    assertTrue(gram.out().contains("N  samples       1,797\n"), gram.out());
    assertTrue(gram.out().contains("P  parameters    17,226\n"), gram.out());
    assertTrue(gram.out().contains("171 of up to 100 x 100, from 18 panels"), gram.out());
    assertTrue(gram.out().matches("(?s).*\n0_W +factor +1 .*"), gram.out());
  }

  @Test
  void existingOutputIsKept() throws IOException {
    Path output = Files.createDirectories(folder.resolve("out"));
    Path kept = Files.writeString(output.resolve("_SUCCESS"), "");
    Gram gram = Gram.digits(output, "--limit", "3");
    assertEquals(2, gram.code());
    assertTrue(gram.err().contains("or --if-exists overwrite to replace it"), gram.err());
    assertTrue(Files.exists(kept));
  }

  @Test
  void overwriteKeepsTheEarlierResultUntilTheInputIsChecked() throws IOException {
    Path output = Files.createDirectories(folder.resolve("out"));
    Path kept = Files.writeString(output.resolve("_SUCCESS"), "");
    Gram bad =
        Gram.digits(
            output,
            "--if-exists",
            "overwrite",
            "--features",
            "features",
            "--scale",
            "1e308",
            "--shift",
            "1e308",
            "--where",
            "id = 99999");
    assertEquals(1, bad.code());
    assertTrue(bad.err().contains("holds no row that is used"), bad.err());
    assertTrue(Files.exists(kept));
    Gram good = Gram.digits(output, "--if-exists", "overwrite", "--limit", "3");
    assertEquals(0, good.code(), good.err());
    assertTrue(Files.exists(output.resolve("kernel/tile-00000-00000.parquet")));
  }

  @Test
  void wrongNamesAreNamed() {
    assertFails(2, "Column 'featurs': not in the input", "--features", "featurs");
    assertFails(2, "params: '9_*' matches no parameter", "--params", "9_*");
    assertFails(2, "Output 10: the model's outputs are 0 to 9", "--select-outputs", "10");
    assertFails(2, "input: no/such does not exist", "--input", "no/such");
    assertFails(1, "Model file no.zip: cannot be read", "--model", "no.zip");
  }

  @Test
  void wrongWidthIsNamedByRow() {
    String message =
        assertFails(
            1, "rows that cannot be used", "--model", "mlp:63-8-2:relu", "--features", "features");
    assertTrue(
        message.contains("digits.parquet row 0 (id 0): 64 features; the model expects 63"),
        message);
    assertTrue(message.contains("and 1792 more"), message);
  }

  @Test
  void overflowNamesTheEntry() {
    String message = assertFails(1, "Kernel: K[0, 0] is", "--scale", "1e30", "--limit", "3");
    assertTrue(message.contains("--dtype double"), message);
  }

  private String assertFails(int code, String part, String... flags) {
    Path output = folder.resolve("fails");
    Gram gram = Gram.digits(output, flags);
    assertTrue(gram.err().contains(part), gram.err());
    assertTrue(gram.err().startsWith("error ("), gram.err());
    assertTrue(gram.err().lines().count() < 12, gram.err());
    assertFalse(Files.exists(output.resolve("_SUCCESS")));
    assertEquals(code, gram.code(), gram.err());
    return gram.err();
  }
}
