package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of token ids and a real mask, each from its own column, against PyTorch. */
class OnnxInputsIT {
  private static final Path NETWORKS =
      Path.of("..", "kernels-bridge", "src", "test", "resources", "onnx");
  private static final double TOLERANCE = 1e-9;

  @TempDir private Path folder;

  /** Each sample's mask and ids, which the golden file has one behind the other. */
  private String samples(JsonNode golden) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (JsonNode x : golden.get("inputs")) {
      List<JsonNode> all = StreamSupport.stream(x.spliterator(), false).toList();
      rows.append("{\"m\": ").append(all.subList(0, 4));
      rows.append(", \"t\": ").append(all.subList(4, 8)).append("}\n");
    }
    return Files.writeString(folder.resolve("samples.json"), rows).toString();
  }

  private static JsonNode golden() throws IOException {
    return new ObjectMapper().readTree(NETWORKS.resolve("masked.json").toFile());
  }

  private String[] flags(JsonNode golden, String features) throws IOException {
    return new String[] {
      "--model",
      NETWORKS.resolve("masked-torchscript.onnx").toString(),
      "--input",
      samples(golden),
      "--features",
      features,
      "--dtype",
      "double"
    };
  }

  @Test
  void gramIsPyTorchs() throws IOException {
    JsonNode golden = golden();
    List<String> arguments = new ArrayList<>(List.of(flags(golden, "ids=t,mask=m")));
    arguments.addAll(
        List.of("--output", folder.resolve("gram").toString(), "--master", "local[2]"));
    Gram gram = Gram.run(arguments.toArray(new String[0]));
    assertEquals(0, gram.code(), gram.err());
    Map<String, Double> found = Kernels.entries(folder.resolve("gram/kernel"));
    for (int n = 0; n < 2; n++) {
      for (int m = 0; m < 2; m++) {
        double expected = 0;
        for (int o = 0; o < 3; o++) {
          expected += golden.get("kernel").get(((o * 3 + o) * 2 + n) * 2 + m).asDouble();
        }
        assertEquals(expected, found.get(n + " " + m), TOLERANCE * Math.abs(expected));
      }
    }
  }

  /** seed^T J of the first sample is PyTorch's gradient by the mask; the ids have none. */
  @Test
  void jacobianIsByTheRealInput() throws IOException {
    JsonNode golden = golden();
    RowRuns run = RowRuns.run("jacobian", folder.resolve("j"), flags(golden, "mask=m,ids=t"));
    assertEquals(0, run.code(), run.err());
    RowRuns.Entry first = RowRuns.entries(folder.resolve("j")).get(0);
    assertEquals(List.of(3, 4), first.shape());
    double[] pulled = new double[4];
    double[] expected = new double[4];
    for (int d = 0; d < 4; d++) {
      expected[d] = golden.get("inputGradient").get(d).asDouble();
      for (int o = 0; o < 3; o++) {
        pulled[d] += golden.get("seed").get(o).asDouble() * first.values()[o * 4 + d];
      }
    }
    assertArrayEquals(expected, pulled, TOLERANCE);
  }

  @Test
  void inputsMustBeNamed() throws IOException {
    RowRuns run = RowRuns.run("jacobian", folder.resolve("j"), flags(golden(), "m"));
    assertEquals(2, run.code());
    assertTrue(
        run.err()
            .contains(
                "error (user): features: the model has 2 inputs: mask real [4], ids integer [4]. Say which"
                    + " columns each takes: --features mask=COLUMN,ids=COLUMN"),
        run.err());
  }
}
