package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Jacobians;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.it.RowRuns.Entry;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that write records of each sample, from flags to files, against the reference engine.
 */
class RowsIT {
  private static final String S0 = Gram.SAMPLES.resolve("cases/s0-network.json").toString();
  private static final List<double[]> ROWS =
      List.of(new double[] {1, 2, 3}, new double[] {0.5, 1, 1.5}, new double[] {3, -2, 5});

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "reference"})
  void caseS0ByParameters(String engine) throws IOException {
    List<Entry> found =
        run("jacobian", S0, rows(), "--wrt", "params", "--engine", engine, "--id", "id");
    double[][] w = {
      {0.45, -0.55, 0.9, -1.1, 1.35, -1.65},
      {0.225, -0.275, 0.45, -0.55, 0.675, -0.825},
      {0, -1.65, 0, 1.1, 0, -2.75}
    };
    double[][] a = {{0.75, 1.5}, {0.375, 0.75}, {0, 0.7}};
    assertEquals(6, found.size());
    for (int n = 0; n < 3; n++) {
      assertEntry("%d 0 W %d".formatted(n, n), List.of(3, 2), w[n], found.get(2 * n));
      assertEntry("%d 0 a %d".formatted(n, n), List.of(2), a[n], found.get(2 * n + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "forward", "reverse"})
  void digitsByInputs(String mode) throws IOException {
    Model model =
        Models.load(
            Gram.MODEL, LocalFile::at, ImportOptions.defaults().withOutput(ModelOutput.LOGITS));
    Path gram = folder.resolve("gram");
    assertEquals(0, Gram.digits(gram, "--limit", "7", "--dtype", "double").code());
    List<double[]> samples = Kernels.features(gram.resolve("samples"));
    List<Entry> found =
        run(
            "jacobian",
            Gram.MODEL,
            Gram.DIGITS,
            "--model-output",
            "logits",
            "--id",
            "id",
            "--limit",
            "7",
            "--tile",
            "5",
            "--micro-batch",
            "2",
            "--mode",
            mode);
    Graph graph = Jacobians.reverse(model.graph(), x(model));
    assertEquals(7, found.size());
    for (int n = 0; n < 7; n++) {
      double[] expected = evaluate(graph, model, samples.get(n));
      assertEntry(n + " " + n, List.of(10, 64), expected, found.get(n));
    }
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve("out/_tangents.json").toFile());
    assertEquals("complete", manifest.path("status").asText());
    assertEquals("[[0,5],[5,7]]", manifest.at("/samples/panels").toString());
    assertEquals(2, manifest.path("micro-batch").asInt());
    String used = mode.equals("auto") ? "reverse" : mode;
    assertEquals("by inputs, " + used, manifest.path("method").asText());
    assertTrue(Files.exists(folder.resolve("out/_SUCCESS")));
  }

  @Test
  void digitsByParametersOfSomeOutputs() throws IOException {
    Path gram = folder.resolve("gram");
    assertEquals(0, Gram.digits(gram, "--limit", "3", "--dtype", "double").code());
    List<List<Map<String, double[]>>> expected =
        Kernels.jacobian(Kernels.features(gram.resolve("samples")));
    List<Entry> found =
        run(
            "jacobian",
            Gram.MODEL,
            Gram.DIGITS,
            "--model-output",
            "logits",
            "--id",
            "id",
            "--limit",
            "3",
            "--wrt",
            "params",
            "--params",
            "1_b,2_*",
            "--select-outputs",
            "9,4");
    List<String> parameters = List.of("1_b", "2_W", "2_b");
    assertEquals(3 * 2 * 3, found.size());
    int at = 0;
    for (int n = 0; n < 3; n++) {
      for (int o = 0; o < 2; o++) {
        for (String parameter : parameters) {
          double[] row = expected.get(n).get(o == 0 ? 9 : 4).get(parameter);
          Entry entry = found.get(at++);
          assertEquals("%d %d %s %d".formatted(n, o, parameter, n), entry.key());
          assertArrayEquals(row, entry.values(), 1e-12);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp:3-6-4:tanh?seed=5", "mlp:3-5-1:softplus?seed=2"})
  void hessians(String spec) throws IOException {
    Model model = Models.load(spec, LocalFile::at);
    Graph graph = Hessians.reverseOverReverse(model.graph(), x(model));
    int outputs = (int) model.outputCount();
    List<Entry> full = run("hessian", spec, rows());
    List<Entry> diagonal = run("hessian", spec, rows(), "--diagonal");
    assertEquals(3 * outputs, full.size());
    for (int n = 0; n < 3; n++) {
      double[] expected = evaluate(graph, model, ROWS.get(n));
      for (int o = 0; o < outputs; o++) {
        double[] h = java.util.Arrays.copyOfRange(expected, 9 * o, 9 * o + 9);
        assertEntry(n + " " + o, List.of(3, 3), h, full.get(n * outputs + o));
        double[] d = {h[0], h[4], h[8]};
        assertEntry(n + " " + o, List.of(3), d, diagonal.get(n * outputs + o));
      }
    }
  }

  @Test
  void hessianOfReluIsZeroAndKeepsItsShape() throws IOException {
    for (String spec : List.of("mlp:3-8-8-2:relu?seed=1", S0)) {
      List<Entry> found = run("hessian", spec, rows());
      assertEquals(spec.equals(S0) ? 3 : 6, found.size());
      for (Entry entry : found) {
        assertEquals(List.of(3, 3), entry.shape());
        assertArrayEquals(new double[9], entry.values());
      }
    }
  }

  @Test
  void oneFeatureOneOutputOneRow() throws IOException {
    Path input = Files.writeString(folder.resolve("one.json"), "{\"features\":[0.3]}\n");
    String spec = "mlp:1-7-1:tanh?seed=4";
    Model model = Models.load(spec, LocalFile::at);
    double[] x = {0.3};
    double[] j = evaluate(Jacobians.reverse(model.graph(), x(model)), model, x);
    double[] h = evaluate(Hessians.reverseOverReverse(model.graph(), x(model)), model, x);
    assertEntry("0", List.of(1, 1), j, only(run("jacobian", spec, input.toString())));
    assertEntry("0 0", List.of(1, 1), h, only(run("hessian", spec, input.toString())));
    assertEntry("0", List.of(1), j, only(run("jvp", spec, input.toString(), "--tangent", "1")));
    assertEntry("0", List.of(1), j, only(run("vjp", spec, input.toString(), "--cotangent", "1")));
  }

  @Test
  void productsByColumnAndByConstant() throws IOException {
    String spec = "mlp:3-6-2:tanh?seed=9";
    Model model = Models.load(spec, LocalFile::at);
    Graph jacobian = Jacobians.reverse(model.graph(), x(model));
    List<Entry> jv = run("jvp", spec, rows(), "--tangent", "v");
    List<Entry> j1 = run("jvp", spec, rows(), "--tangent", "0, 1, -2");
    List<Entry> wj = run("vjp", spec, rows(), "--cotangent", "w");
    List<Entry> w1 = run("vjp", spec, rows(), "--cotangent", "1,0.5");
    for (int n = 0; n < 3; n++) {
      double[] j = evaluate(jacobian, model, ROWS.get(n));
      assertEntry("" + n, List.of(2), right(j, n, 1, -n), jv.get(n));
      assertEntry("" + n, List.of(2), right(j, 0, 1, -2), j1.get(n));
      assertEntry("" + n, List.of(3), left(j, 1, n), wj.get(n));
      assertEntry("" + n, List.of(3), left(j, 1, 0.5), w1.get(n));
    }
  }

  @Test
  void aColumnOfAnotherLengthIsNamedByRow() throws IOException {
    RowRuns failed =
        RowRuns.run(
            "jvp",
            folder.resolve("out"),
            "--model",
            "mlp:3-4-2:tanh",
            "--input",
            rows(),
            "--tangent",
            "w");
    assertEquals(1, failed.code());
    assertTrue(
        failed.err().contains("x.json row 0: 2 tangent numbers; the model expects 3"),
        failed.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  /** Wider numbers are advised where there are any. */
  @ParameterizedTest
  @CsvSource({
    "float, 1e39, 'Scale the features with --scale, or compute with --dtype double'",
    "double, 1.7e308, Scale the features with --scale"
  })
  void overflowIsNamedByRow(String dtype, String large, String remedy) throws IOException {
    RowRuns failed =
        RowRuns.run(
            "jvp",
            folder.resolve("out"),
            "--model",
            "mlp:3-4-2:relu",
            "--input",
            rows(),
            "--tangent",
            String.join(",", large, large, large),
            "--dtype",
            dtype,
            "--select-outputs",
            "0");
    assertEquals(1, failed.code(), failed.out());
    assertTrue(
        failed
            .err()
            .lines()
            .anyMatch(
                line ->
                    line.endsWith(
                        "x.json row 0: its derivative has a number that is not finite. " + remedy)),
        failed.err());
    assertFalse(Files.exists(folder.resolve("out/_SUCCESS")));
  }

  /** Sixteen tasks of the memory that one may take do not fit this JVM's heap. */
  @Test
  void heapOfAllTasksIsCountedBeforeAnythingIsWritten() {
    RowRuns run =
        RowRuns.run(
            "hessian",
            folder.resolve("out"),
            "--model",
            "mlp:64-16-10:tanh",
            "--input",
            Gram.DIGITS,
            "--limit",
            "64",
            "--micro-batch",
            "1024",
            "--memory",
            "100000",
            "--master",
            "local[16]");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("less memory than planned with; trying 50000 MiB"), run.err());
  }

  @Test
  void dryRunPrintsThePlanAndWritesNothing() {
    RowRuns dry =
        RowRuns.run(
            "hessian",
            folder.resolve("out"),
            "--model",
            Gram.MODEL,
            "--model-output",
            "logits",
            "--input",
            Gram.DIGITS,
            "--memory",
            "64",
            "--dry-run");
    assertEquals(0, dry.code(), dry.err());
    assertTrue(dry.out().contains("N  samples     1,797\n"), dry.out());
    assertTrue(dry.out().matches("(?s).*\nV  lanes +640, \\d+ at once\n.*"), dry.out());
    assertTrue(dry.out().contains("10 x [64, 64]\n"), dry.out());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  private String rows() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < 3; n++) {
      text.append(
          "{\"id\":%d,\"features\":%s,\"v\":[%d,1,%d],\"w\":[1,%d]}\n"
              .formatted(n, java.util.Arrays.toString(ROWS.get(n)), n, -n, n));
    }
    return Files.writeString(folder.resolve("x.json"), text).toString();
  }

  private List<Entry> run(String command, String model, String input, String... flags)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--model", model, "--input", input));
    all.addAll(List.of("--dtype", "double", "--if-exists", "overwrite"));
    all.addAll(List.of(flags));
    Path output = folder.resolve("out");
    RowRuns run = RowRuns.run(command, output, all.toArray(new String[0]));
    assertEquals(0, run.code(), run.err());
    return RowRuns.entries(output);
  }

  private static List<String> x(Model model) {
    return List.of(model.graph().inputs().get(0).name());
  }

  private static double[] evaluate(Graph graph, Model model, double... sample) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      HostTensor x = HostTensor.of(Shape.of(sample.length), sample);
      return engine.evaluate(graph, model.weights(), List.of(x)).get(0).doubles();
    }
  }

  private static double[] right(double[] j, double... v) {
    double[] product = new double[j.length / v.length];
    for (int i = 0; i < j.length; i++) {
      product[i / v.length] += j[i] * v[i % v.length];
    }
    return product;
  }

  private static double[] left(double[] j, double... w) {
    int width = j.length / w.length;
    double[] product = new double[width];
    for (int i = 0; i < j.length; i++) {
      product[i % width] += j[i] * w[i / width];
    }
    return product;
  }

  private static Entry only(List<Entry> entries) {
    assertEquals(1, entries.size());
    return entries.get(0);
  }

  /** Within 1e-12: both are in double and differ in the order of short sums alone. */
  private static void assertEntry(String key, List<Integer> shape, double[] values, Entry entry) {
    assertEquals(key, entry.key());
    assertEquals(shape, entry.shape());
    assertArrayEquals(values, entry.values(), 1e-12, key);
  }
}
