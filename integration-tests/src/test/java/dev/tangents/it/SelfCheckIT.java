package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run checks its own tiles. */
class SelfCheckIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"trace", "full", "per-output", "sum"})
  void residualsAreOfRounding(String kernel) throws IOException {
    Path output = folder.resolve(kernel);
    Gram gram = Gram.digits(output, "--limit", "100", "--tile", "40", "--kernel", kernel);
    assertEquals(0, gram.code(), gram.err());
    JsonNode check =
        new ObjectMapper().readTree(output.resolve("_tangents.json").toFile()).get("check");
    double worst = check.get("worst-residual").asDouble();
    assertTrue(worst > 0 && worst < 1e-5, check::toString);
    assertTrue(check.get("tiles-checked").asInt() >= 1, check::toString);
  }

  @Test
  void aTileThatFailsTwiceEndsTheRunAndIsNamed() {
    Path output = folder.resolve("strict");
    Gram gram = Gram.digits(output, "--limit", "100", "--tile", "40", "--max-residual", "0");
    assertEquals(1, gram.code(), gram.err());
    assertTrue(gram.err().contains("tile 0, 0 failed its check twice"), gram.err());
    assertTrue(gram.err().contains("at most 0.0e+00 pass"), gram.err());
    assertFalse(Files.exists(output.resolve("_SUCCESS")));
    assertFalse(Files.exists(output.resolve("kernel/tile-00000-00000.parquet")));
  }
}
