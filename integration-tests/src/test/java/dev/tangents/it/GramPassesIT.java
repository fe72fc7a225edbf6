package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Panels with little memory: a tile in passes of some outputs, by another method. */
class GramPassesIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"trace", "per-output"})
  void tilesInPassesAreThoseOfAllOutputsAtOnce(String kernel) throws IOException {
    Map<String, Double> whole = entries(kernel, "whole");
    assertEquals(1, manifest("whole").path("passes").asInt());
    Map<String, Double> passes =
        entries(kernel, "passes", "--panel-mib", "1", "--method", "1.*=gradient-first");
    JsonNode manifest = manifest("passes");
    assertTrue(manifest.path("passes").asInt() > 1, manifest.toPrettyString());
    assertEquals("gradient-first", manifest.at("/methods/1.weight").asText());
    assertEquals("inputs-first", manifest.at("/methods/0.weight").asText());
    assertEquals(whole.keySet(), passes.keySet());
    double mean = whole.values().stream().mapToDouble(Math::abs).average().orElseThrow();
    whole.forEach((key, value) -> assertEquals(value, passes.get(key), 1e-12 * mean, key));
  }

  private Map<String, Double> entries(String kernel, String output, String... more)
      throws IOException {
    List<String> flags = new ArrayList<>();
    flags.addAll(List.of("--model", "mlp:64-96-96-40:tanh?seed=2", "--limit", "60"));
    flags.addAll(List.of("--input", Gram.DIGITS, "--dtype", "double", "--tile", "40"));
    flags.addAll(List.of("--kernel", kernel, "--output", folder.resolve(output).toString()));
    flags.addAll(List.of("--master", "local[2]"));
    flags.addAll(List.of(more));
    Gram run = Gram.run(flags.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    return Kernels.entries(folder.resolve(output + "/kernel"));
  }

  private JsonNode manifest(String output) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(output + "/_tangents.json").toFile());
  }
}
