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
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code tangents gram} from flags to files, against J J^T on the reference engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GramIT {
  private static final int N = 7;
  private static final int O = 10;
  private static final List<String> PARAMETERS = List.of("0_W", "0_b", "1_W", "1_b", "2_W", "2_b");

  private Path folder;
  private List<List<Map<String, double[]>>> jacobian;

  @BeforeAll
  void differentiateByHand(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Gram gram = run("trace", "--limit", "7", "--tile", "3");
    assertTrue(gram.out().contains("Neural tangent kernel (trace) of 7 samples"), gram.out());
    jacobian = Kernels.jacobian(Kernels.features(folder.resolve("trace/samples")));
  }

  @Test
  void traceEqualsTheExplicitProduct() throws IOException {
    Map<String, Double> entries = Kernels.entries(folder.resolve("trace/kernel"));
    // Panels 0 1 2, 3 4 5, 6: whole diagonal blocks, and blocks above.
    assertEquals(9 + 9 + 1 + 9 + 3 + 3, entries.size());
    assertClose(entries, (key, jac) -> trace(key, PARAMETERS));
  }

  @Test
  void fullNamesEveryPairOfOutputs() throws IOException {
    run("full", "--limit", "7", "--tile", "3", "--kernel", "full");
    Map<String, Double> entries = Kernels.entries(folder.resolve("full/kernel"));
    assertEquals(34 * O * O, entries.size());
    assertClose(entries, (key, jac) -> dot(key, integer(key, 2), integer(key, 3), PARAMETERS));
    for (Map.Entry<String, Double> entry : entries.entrySet()) {
      String[] k = entry.getKey().split(" ", -1);
      Double mirror = entries.get(k[1] + " " + k[0] + " " + k[3] + " " + k[2]);
      assertTrue(mirror == null || mirror.equals(entry.getValue()), entry.getKey());
    }
  }

  @Test
  void perOutputWithSelectionAndMirror() throws IOException {
    run(
        "per",
        "--limit",
        "7",
        "--tile",
        "3",
        "--kernel",
        "per-output",
        "--select-outputs",
        "9,2-3",
        "--mirror");
    Map<String, Double> entries = Kernels.entries(folder.resolve("per/kernel"));
    assertEquals(N * N * 3, entries.size());
    int[] selected = {9, 2, 3};
    assertClose(
        entries,
        (key, jac) -> dot(key, selected[integer(key, 2)], selected[integer(key, 2)], PARAMETERS));
    for (Map.Entry<String, Double> entry : entries.entrySet()) {
      String[] k = entry.getKey().split(" ", -1);
      assertEquals(entry.getValue(), entries.get(k[1] + " " + k[0] + " " + k[2]));
    }
  }

  @Test
  void sumIsThePseudoKernel() throws IOException {
    run("sum", "--limit", "7", "--kernel", "sum");
    assertClose(
        Kernels.entries(folder.resolve("sum/kernel")),
        (key, jac) -> {
          double sum = 0;
          for (int o = 0; o < O; o++) {
            for (int p = 0; p < O; p++) {
              sum += dot(key, o, p, PARAMETERS);
            }
          }
          return sum / O;
        });
  }

  @Test
  void componentsOfSomeParameters() throws IOException {
    run("parts", "--limit", "7", "--tile", "4", "--components", "--params", "1_*,2_W");
    Map<String, Double> entries = Kernels.entries(folder.resolve("parts/kernel"));
    assertEquals((16 + 9 + 12) * 3, entries.size());
    assertClose(entries, (key, jac) -> trace(key, List.of(key.split(" ", -1)[2])));
  }

  @Test
  void rectangleOfTwoInputs() throws IOException {
    run("rect", "--limit", "7", "--tile", "3", "--where", "id < 5", "--input2", Gram.DIGITS);
    // The condition holds for both inputs.
    Map<String, Double> entries = Kernels.entries(folder.resolve("rect/kernel"));
    assertEquals(25, entries.size());
    assertClose(entries, (key, jac) -> trace(key, PARAMETERS));
    assertTrue(Files.exists(folder.resolve("rect/samples2/panel-00001.parquet")));
  }

  @Test
  void manifestAndReportTellWhatRan() throws IOException {
    Path output = folder.resolve("trace");
    JsonNode manifest = new ObjectMapper().readTree(output.resolve("_tangents.json").toFile());
    assertEquals("complete", manifest.path("status").asText());
    assertEquals(
        "[7,64,10]",
        List.of(manifest.path("N").asInt(), manifest.path("D").asInt(), manifest.path("O").asInt())
            .toString()
            .replace(" ", ""));
    assertEquals("flag --tile", manifest.at("/configuration/tile/origin").asText());
    assertEquals("[[0,3],[3,6],[6,7]]", manifest.at("/samples/panels").toString());
    assertEquals("[64,128]", manifest.at("/model/parameters/0_W").toString());
    assertTrue(manifest.path("engine").asText().startsWith("nd4j"), manifest.toString());
    assertEquals("inputs-first", manifest.at("/methods/0_W").asText());
    double measured = manifest.at("/parameter-seconds/0_W/measured").asDouble();
    assertTrue(measured > 0, manifest.toPrettyString());
    assertTrue(manifest.at("/parameter-seconds/0_W/predicted").asDouble() > 0);
    assertTrue(Files.exists(output.resolve("_SUCCESS")));
    String report = Files.readString(output.resolve("report.html"));
    assertTrue(report.contains("Mean by label"), "labels make a table");
    assertTrue(report.contains("<th>configuration / tile</th><td>3 (flag --tile)</td>"), report);
    assertFalse(report.contains("export-format"), "settings of gram alone");
    assertTrue(report.contains("<th>runs / 1 / row-panels</th><td>"), report);
    assertFalse(report.contains("{configuration-hash="), "no maps as Java prints them");
    assertFalse(report.contains("src=\"http"), "the page stands alone");
    try (Stream<Path> left = Files.walk(output)) {
      List<Path> temporary =
          left.filter(p -> p.getFileName().toString().matches("_(tile|panel).*")).toList();
      assertEquals(List.of(), temporary);
    }
  }

  private Gram run(String name, String... flags) {
    List<String> all = new ArrayList<>(List.of("--dtype", "double"));
    all.addAll(List.of(flags));
    Gram gram = Gram.digits(folder.resolve(name), all.toArray(new String[0]));
    assertEquals(0, gram.code(), gram.err());
    return gram;
  }

  private double trace(String key, List<String> parameters) {
    double sum = 0;
    for (int o = 0; o < O; o++) {
      sum += dot(key, o, o, parameters);
    }
    return sum;
  }

  private double dot(String key, int o, int p, List<String> parameters) {
    return Kernels.dot(
        jacobian.get(integer(key, 0)).get(o), jacobian.get(integer(key, 1)).get(p), parameters);
  }

  private static int integer(String key, int part) {
    return Integer.parseInt(key.split(" ", -1)[part]);
  }

  /** Within 1e-9 of the mean of |K|: both are in double and differ in the order of sums alone. */
  private void assertClose(
      Map<String, Double> entries,
      ToDoubleBiFunction<String, List<List<Map<String, double[]>>>> expected) {
    double mean = entries.values().stream().mapToDouble(Math::abs).average().orElseThrow();
    entries.forEach(
        (key, value) ->
            assertEquals(expected.applyAsDouble(key, jacobian), value, 1e-9 * mean, key));
  }
}
