package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tangents gram --model net.onnx} against PyTorch's Jacobians of the exported module. */
class OnnxGramIT {
  private static final Path NETWORKS =
      Path.of("..", "kernels-bridge", "src", "test", "resources", "onnx");

  /** Twice the error of a float kernel of a small network. */
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @CsvSource({"lenet-torchscript, ''", "gpt-dynamo, ''", "gpt-folded, wte.weight=onnx::MatMul_329"})
  void traceIsPyTorchs(String file, String tie, @TempDir Path folder) throws IOException {
    String network = file.substring(0, file.lastIndexOf('-'));
    JsonNode golden = new ObjectMapper().readTree(NETWORKS.resolve(network + ".json").toFile());
    StringBuilder rows = new StringBuilder();
    golden.get("inputs").forEach(x -> rows.append("{\"features\": ").append(x).append("}\n"));
    Path samples = Files.writeString(folder.resolve("samples.json"), rows);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model",
                NETWORKS.resolve(file + ".onnx").toString(),
                "--input",
                samples.toString(),
                "--output",
                folder.resolve("gram").toString(),
                "--master",
                "local[2]"));
    if (!tie.isEmpty()) {
      arguments.addAll(List.of("--tie", tie));
    }
    Gram gram = Gram.run(arguments.toArray(new String[0]));
    assertEquals(0, gram.code(), gram.err());
    assertFalse(gram.err().contains("hold the same numbers"), gram.err());
    Map<String, Double> found = Kernels.entries(folder.resolve("gram/kernel"));
    assertEquals(4, found.size());
    int outputs = golden.get("outputs").get(0).size();
    for (int n = 0; n < 2; n++) {
      for (int m = 0; m < 2; m++) {
        double expected = 0;
        for (int o = 0; o < outputs; o++) {
          expected += golden.get("kernel").get(((o * outputs + o) * 2 + n) * 2 + m).asDouble();
        }
        double value = found.get(n + " " + m);
        assertTrue(
            Math.abs(value - expected) <= TOLERANCE * Math.abs(expected),
            () -> file + ": found " + found + ", expected " + golden.get("kernel"));
      }
    }
  }

  @Test
  void copyOfATiedWeightIsWarnedOf(@TempDir Path folder) throws IOException {
    Path samples =
        Files.writeString(folder.resolve("samples.json"), "{\"features\": [7, 2, 6, 5, 1]}\n");
    Gram gram =
        Gram.run(
            "--model",
            NETWORKS.resolve("gpt-folded.onnx").toString(),
            "--input",
            samples.toString(),
            "--dry-run",
            "--master",
            "local[1]");
    assertEquals(0, gram.code(), gram.err());
    assertTrue(
        gram.err()
            .contains(
                "note: parameters wte.weight and onnx::MatMul_329 hold the same numbers. If they are one tied"
                    + " weight, give --tie wte.weight=onnx::MatMul_329\n"),
        gram.err());
  }
}
