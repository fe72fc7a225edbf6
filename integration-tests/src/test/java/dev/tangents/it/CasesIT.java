package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.it.RowRuns.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases of {@code kernels-bridge/docs/cases.md} by the command line, as it is written there.
 */
class CasesIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "reference"})
  void s0MeanLossGradients(String engine) throws IOException {
    String[] flags = {"--loss", "mse", "--label", "y", "--engine", engine};
    List<Entry> two = onCase("gradient", "s0", with(flags, "--limit", "2"));
    assertSum("W", List.of(3, 2), two.get(0), -0.9984, 1.2203, -1.9969, 2.4406, -2.9953, 3.6609);
    assertSum("a", List.of(2), two.get(1), -1.6641, -3.3281);
    assertEquals((3.9006 + 0.2377) / 2, manifest().path("mean-loss").asDouble(), 1e-4);
    List<Entry> three = onCase("gradient", "s0", flags);
    assertSum("W", List.of(3, 2), three.get(0), -0.6656, 2.7605, -1.3313, 0.3291, -1.9969, 5.6856);
    assertSum("a", List.of(2), three.get(1), -1.1094, -3.0448);
    List<Entry> losses = onCase("gradient", "s0", with(flags, "--norms"));
    double[] found = losses.stream().mapToDouble(entry -> entry.scalars().get("loss")).toArray();
    assertArrayEquals(new double[] {3.9006, 0.2377, 3.1329}, found, 1e-4);
  }

  private static void assertSum(String name, List<Integer> shape, Entry found, double... expected) {
    assertEquals(name, found.key());
    assertEquals(shape, found.shape());
    assertArrayEquals(expected, found.values(), 1e-4);
  }

  @Test
  void s2BinaryCrossEntropy() throws IOException {
    List<Entry> found =
        onCase(
            "gradient", "s2", "--loss", "binary-cross-entropy", "--label", "y", "--params", "b,W");
    double[] z = {0.1, -0.3, 0.2};
    double[] w = {
      0.3, -0.2, 0.5, 0.1, 0.7, -0.4, -0.6, 0.2, 0.9, 0.8, -0.5, 0.4, 0.25, -0.35, 0.15
    };
    IntStream.range(0, 15).forEach(i -> z[i % 3] += w[i]);
    double[] b = DoubleStream.of(z).map(x -> 1 / (1 + Math.exp(-x)) / 3).toArray();
    double[] everyRow = IntStream.range(0, 15).mapToDouble(i -> b[i % 3]).toArray();
    assertArrayEquals(everyRow, found.get(0).values(), 1e-14);
    assertArrayEquals(b, found.get(1).values(), 1e-14);
  }

  @ParameterizedTest
  @CsvSource({
    "g3, 0.256308348831593, 0.314232393918883, 0.00162001032697251",
    "g3-linear, 0.258583774509002, 0.327076839887264, 0.00349166867759935"
  })
  void g3Determinants(String network, double first, double second, double third)
      throws IOException {
    List<Entry> found = onCase("determinant", network);
    double[] expected = {first, second, third};
    for (int n = 0; n < 3; n++) {
      Entry entry = found.get(n);
      assertEquals(expected[n], entry.scalars().get("det"), 1e-14);
      assertEquals(Math.log(expected[n]), entry.scalars().get("logabsdet"), 1e-12);
      assertEquals(1, entry.scalars().get("sign"));
    }
  }

  @Test
  void g4SoftmaxCrossEntropy() throws IOException {
    String[] flags = {"--loss", "softmax-cross-entropy", "--label", "y"};
    List<Entry> mean = onCase("gradient", "g4", flags);
    double[] w = {
      0.57360557497758, -0.334405000542191, -0.239200574435389,
      -0.0538981334564806, -0.449697010909337, 0.503595144365817
    };
    assertArrayEquals(w, mean.get(0).values(), 1e-14);
    double[] b = {-0.387281851751733, -0.159114608402155, 0.546396460153887};
    assertArrayEquals(b, mean.get(1).values(), 1e-14);
    double[] losses = {0.680269670641735, 3.241311296657157};
    assertEquals((losses[0] + losses[1]) / 2, manifest().path("mean-loss").asDouble(), 1e-14);
    assertEquals(0.5, manifest().path("accuracy").asDouble());
    double[] squares = {2.235884678710171, 3.535186655651741};
    List<Entry> norms = onCase("gradient", "g4", with(flags, "--norms"));
    for (int n = 0; n < 2; n++) {
      assertEquals(losses[n], norms.get(n).scalars().get("loss"), 1e-14);
      assertEquals(Math.sqrt(squares[n]), norms.get(n).scalars().get("norm"), 1e-14);
    }
  }

  @Test
  void s3HvpOfASumOfSines() throws IOException {
    Random random = new Random(1);
    double[] x = random.doubles(2048, -3, 3).toArray();
    double[] v = random.doubles(2048, -1, 1).toArray();
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"features\":%s,\"v\":%s}\n".formatted(list(x), list(v)));
    Path network = folder.resolve("network.json");
    String text = Files.readString(Gram.SAMPLES.resolve("cases/s3-sine-network.json"));
    Files.writeString(network, text.replace("[4]", "[2048]"));
    Entry found = run("hvp", network.toString(), rows.toString(), "--tangent", "v").get(0);
    assertEquals(List.of(2048), found.shape());
    double[] expected = IntStream.range(0, 2048).mapToDouble(i -> -Math.sin(x[i]) * v[i]).toArray();
    assertArrayEquals(expected, found.values(), 1e-13);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "tanh"})
  void s4FirstAndSecondDerivative(String activation) throws IOException {
    String model = "mlp:1-50-50-50-501:" + activation + "?seed=1";
    Path rows = Files.writeString(folder.resolve("rows.json"), "{\"features\":[0.7]}\n");
    assertEquals(List.of(501, 1), run("jacobian", model, rows.toString()).get(0).shape());
    List<Entry> second = run("hessian", model, rows.toString());
    List<Entry> trace = run("hessian", model, rows.toString(), "--laplacian");
    assertEquals(501, second.size());
    double largest = 0;
    for (int o = 0; o < 501; o++) {
      assertEquals(List.of(1, 1), second.get(o).shape());
      double h = second.get(o).numbers().get(0);
      assertEquals(h, trace.get(o).scalars().get("laplacian"), 1e-12);
      largest = Math.max(largest, Math.abs(h));
    }
    assertEquals(activation.equals("tanh"), largest > 1e-3, "largest " + largest);
    if (activation.equals("relu")) {
      assertEquals(0, largest);
    }
  }

  private static String list(double... values) {
    return DoubleStream.of(values)
        .mapToObj(Double::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String[] with(String[] flags, String... more) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private JsonNode manifest() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/_tangents.json").toFile());
  }

  /** On one of the cases that lie in the tree. */
  private List<Entry> onCase(String command, String network, String... flags) throws IOException {
    Path cases = Gram.SAMPLES.resolve("cases");
    String rows = network.substring(0, 2) + "-rows.json";
    return run(
        command,
        cases.resolve(network + "-network.json").toString(),
        cases.resolve(rows).toString(),
        flags);
  }

  private List<Entry> run(String command, String model, String input, String... flags)
      throws IOException {
    Path output = folder.resolve("out");
    List<String> all = new ArrayList<>(List.of("--model", model, "--input", input));
    all.addAll(List.of("--dtype", "double", "--if-exists", "overwrite"));
    all.addAll(List.of(flags));
    RowRuns run = RowRuns.run(command, output, all.toArray(new String[0]));
    assertEquals(0, run.code(), run.err());
    return RowRuns.entries(output);
  }
}
