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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --factors}: stored or computed again, the kernel is the same. */
class FactorsIT {
  private static final String[] NONE = {};

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "--input2"})
  void storedFactorsChangeNoByte(String second) throws IOException {
    String[] columns = second.isEmpty() ? NONE : new String[] {second, Gram.DIGITS};
    Path computed = gram("computed", with(columns, "--factors", "recompute"));
    Path stored = gram("stored", with(columns, "--factors", "store"));
    try (Stream<Path> tiles = Files.list(computed.resolve("kernel"))) {
      for (Path tile : tiles.toList()) {
        Path same = stored.resolve("kernel").resolve(tile.getFileName());
        assertArrayEquals(Files.readAllBytes(tile), Files.readAllBytes(same), tile.toString());
      }
    }
    assertEquals(0, bytes(computed));
    assertTrue(bytes(stored) > 0);
    assertFalse(Files.exists(stored.resolve("_factors")));
    assertFalse(Files.exists(stored.resolve("_factors2")));
  }

  /** Passes of some outputs each have factors of their own. */
  @Test
  void everyPassHasItsFactors() throws IOException {
    String[] passes = {"--model", "mlp:64-256-256-10:tanh?seed=3", "--kernel", "per-output"};
    String[] small = with(passes, "--panel-mib", "1", "--cache-mib", "0");
    Path computed = gram("computed", with(small, "--factors", "recompute"));
    Path stored = gram("stored", with(small, "--factors", "store"));
    assertEquals(
        Kernels.entries(computed.resolve("kernel")), Kernels.entries(stored.resolve("kernel")));
    assertTrue(bytes(stored) > 0);
  }

  @Test
  void theDryRunShowsBothWays() {
    Gram dry = Gram.digits(folder.resolve("dry"), "--dry-run");
    assertEquals(0, dry.code(), dry.err());
    assertTrue(dry.out().contains("recompute"), dry.out());
    assertTrue(dry.out().contains("store "), dry.out());
  }

  private Path gram(String name, String... more) {
    Path output = folder.resolve(name);
    Gram gram = Gram.digits(output, with(more, "--limit", "150", "--tile", "32"));
    assertEquals(0, gram.code(), gram.err());
    return output;
  }

  private static String[] with(String[] flags, String... more) {
    return Stream.of(flags, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static long bytes(Path output) throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(output.resolve("_tangents.json").toFile());
    return manifest.get("stored-factor-bytes").asLong();
  }
}
