package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.importer.EqualParameters;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.importer.Tie;
import dev.tangents.ir.Graph;
import dev.tangents.testkit.ActivationPatterns;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Golden;
import dev.tangents.testkit.GoldenFile;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels of networks of PyTorch and Keras against PyTorch's Jacobians. */
class NetworkKernelTest {
  private static final String NETWORKS = "dev.tangents.testkit.GoldenFile#networks";

  /** Of the mean |K|, in double. */
  private static final double DOUBLE = 1e-8;

  /** Of the mean |K|, in float, between samples whose activation patterns float does not change. */
  private static final double FLOAT = 2e-5;

  /**
   * Networks with a kernel of up to 50 times its mean, of which float has not the digits: there the
   * bound is of the two samples' own kernels. Of the mean their errors are up to 4e-5, tokens'
   * 3e-4.
   */
  private static final Set<String> UNEVEN =
      Set.of("keras/lenet.keras", "keras/mlp.keras", "keras/tokens.keras", "tf2onnx/lenet.onnx");

  /** Of the largest output of a sample, in float. */
  private static final double OUTPUTS = 1e-5;

  /** Samples in one run of many. */
  private static final int BATCH = 20;

  /** Every kind, by every method, on every engine of double. */
  @ParameterizedTest
  @MethodSource(NETWORKS)
  void kernelsArePyTorchs(GoldenFile file) throws IOException {
    assertKernels(file.load(), file.golden(), file.toString());
  }

  /** An export with folding writes the tied weight twice; tied again it is the module's. */
  @Test
  void kernelOfATiedCopyIsPyTorchs() throws IOException {
    String file = "/onnx/gpt-folded.onnx";
    Model twice = load(file, ImportOptions.defaults());
    assertEquals(
        List.of(new Tie("wte.weight", "onnx::MatMul_329")), EqualParameters.of(twice.weights()));
    Golden golden = Golden.of("/onnx/gpt.json");
    assertEquals(golden.number("parameterCount") + 88, twice.parameterCount());
    List<Tie> ties = Tie.parse("wte.weight=onnx::MatMul_329");
    assertKernels(load(file, ImportOptions.defaults().withTies(ties)), golden, file);
  }

  /** An export with folding puts the gates in another order under other names. */
  @Test
  void kernelOfReorderedGatesIsPyTorchs() throws IOException {
    String file = "/onnx/lstm-folded.onnx";
    Model model = load(file, ImportOptions.defaults());
    assertTrue(model.description().contains("were computed by the exporter"), model.description());
    assertKernels(model, Golden.of("/onnx/lstm.json"), file);
  }

  private static Model load(String file, ImportOptions options) {
    return Models.load(Golden.path(file).toString(), LocalFile::at, options);
  }

  private static void assertKernels(Model model, Golden golden, String what) {
    assertEquals(golden.number("parameterCount"), model.parameterCount());
    double[][] x = golden.rows("inputs").toArray(new double[0][]);
    double[] full = golden.row("kernel");
    double bound = DOUBLE * mean(full);
    for (Engines.Entry entry : Engines.inDouble()) {
      try (Engine engine = entry.open().get()) {
        for (KernelKind kind : KernelKind.values()) {
          double[] expected = blocks(kind, full, (int) model.outputCount(), x.length * x.length);
          for (Method method : Method.values()) {
            double[] found = gram(engine, model, kind, method, x);
            assertKernel(expected, found, bound, what + ", " + entry + " " + kind + " " + method);
          }
        }
      }
    }
  }

  /** The blocks of a kind, of K[o, p, n, m] with {@code pairs} n, m. */
  private static double[] blocks(KernelKind kind, double[] full, int outputs, int pairs) {
    if (kind == KernelKind.FULL) {
      return full;
    }
    double[] blocks = new double[kind == KernelKind.PER_OUTPUT ? outputs * pairs : pairs];
    for (int o = 0; o < outputs; o++) {
      for (int p = 0; p < outputs; p++) {
        for (int i = 0; i < pairs; i++) {
          double k = full[(o * outputs + p) * pairs + i];
          if (kind == KernelKind.SUM) {
            blocks[i] += k / outputs;
          } else if (o == p) {
            blocks[kind == KernelKind.TRACE ? i : o * pairs + i] += k;
          }
        }
      }
    }
    return blocks;
  }

  /** Many samples: in double PyTorch's, in float that but for rows whose pattern flips. */
  @ParameterizedTest
  @MethodSource(NETWORKS)
  void floatKernelIsPyTorchsWherePatternsAreEqual(GoldenFile file) throws IOException {
    Model model = file.load();
    Golden.Many many = file.golden().many();
    double[][] x = many.samples(model.inputWidth());
    try (Engine wide = Engines.forMany(Precision.DOUBLE);
        Engine narrow = Engines.forMany(Precision.FLOAT)) {
      double[] kernel = trace(wide, model, Method.AUTO, x);
      assertMany(many, kernel, file.toString());
      boolean[] flips =
          ActivationPatterns.flips(
              ActivationPatterns.of(wide, model, BATCH, x),
              ActivationPatterns.of(narrow, model, BATCH, x));
      long flipped = IntStream.range(0, x.length).filter(n -> flips[n]).count();
      assertTrue(flipped * 100 <= x.length, file + ": " + flipped + " rows of " + x.length);
      for (Method method : Method.values()) {
        double[] found = trace(narrow, model, method, x);
        for (int i = 0; i < found.length; i++) {
          int n = i / x.length;
          int m = i % x.length;
          if (!flips[n] && !flips[m]) {
            String what = file + ", float " + method + ", K " + n + " " + m;
            assertEquals(kernel[i], found[i], bound(file, many, n, m), what);
          }
        }
      }
      assertOutputs(wide, narrow, model, x);
    }
  }

  /** The largest error of K[n, m] in float. */
  private static double bound(GoldenFile file, Golden.Many many, int n, int m) {
    double[] k = many.diagonal();
    double size = UNEVEN.contains(file.toString()) ? Math.sqrt(k[n] * k[m]) : 0;
    return FLOAT * Math.max(many.mean(), size);
  }

  private static void assertMany(Golden.Many many, double[] kernel, String what) {
    int n = many.diagonal().length;
    double[] wave = Golden.wave(n);
    assertEquals(many.mean(), mean(kernel), DOUBLE * many.mean(), what);
    for (int i = 0; i < n; i++) {
      double[] row = Vectors.row(kernel, i, n);
      assertEquals(many.diagonal()[i], row[i], DOUBLE * many.mean(), what + ", row " + i);
      assertEquals(
          many.product()[i], Vectors.dot(row, wave), n * DOUBLE * many.mean(), what + ", row " + i);
    }
  }

  /** Outputs in float, whichever pieces are taken: a network is continuous. */
  private static void assertOutputs(Engine wide, Engine narrow, Model model, double[]... x) {
    Set<String> input = Set.of(model.graph().inputs().get(0).name());
    Graph graph = Runs.simplified(Batch.of(model.graph(), input, BATCH));
    for (int from = 0; from < x.length; from += BATCH) {
      double[] rows = Vectors.join(List.of(Arrays.copyOfRange(x, from, from + BATCH)));
      double[] y = Runs.on(wide, graph, model.weights(), List.of(rows)).get(0);
      double[] z = Runs.on(narrow, graph, model.weights(), List.of(rows)).get(0);
      int outputs = y.length / BATCH;
      for (int n = 0; n < BATCH; n++) {
        double[] expected = Vectors.row(y, n, outputs);
        double bound = OUTPUTS * Vectors.largest(expected);
        for (int o = 0; o < outputs; o++) {
          String what = "output " + o + " of sample " + (from + n);
          assertEquals(expected[o], z[n * outputs + o], bound, what);
        }
      }
    }
  }

  private static double[] gram(
      Engine engine, Model model, KernelKind kind, Method method, double[]... x) {
    KernelPlan plan = plan(model, kind, method);
    try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), x.length);
        Panel panel = kernel.panel(Grams.rows(x))) {
      return kernel.tile(panel, panel).block(0).read().doubles();
    }
  }

  /** The trace kernel of many samples, in tiles of {@link #BATCH} x BATCH. */
  private static double[] trace(Engine engine, Model model, Method method, double[]... x) {
    double[] whole = new double[x.length * x.length];
    List<Panel> panels = new ArrayList<>();
    KernelPlan plan = plan(model, KernelKind.TRACE, method);
    try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), BATCH)) {
      for (int from = 0; from < x.length; from += BATCH) {
        panels.add(kernel.panel(Grams.rows(Arrays.copyOfRange(x, from, from + BATCH))));
      }
      for (int i = 0; i < panels.size(); i++) {
        for (int j = 0; j < panels.size(); j++) {
          double[] tile = kernel.tile(panels.get(i), panels.get(j)).block(0).read().doubles();
          for (int row = 0; row < BATCH; row++) {
            int to = (i * BATCH + row) * x.length + j * BATCH;
            System.arraycopy(tile, row * BATCH, whole, to, BATCH);
          }
        }
      }
      return whole;
    } finally {
      panels.forEach(Panel::close);
    }
  }

  private static KernelPlan plan(Model model, KernelKind kind, Method method) {
    List<String> parameters = Grams.parameters(model.graph());
    return KernelPlan.of(model.graph(), new KernelRequest(kind, false, parameters, method));
  }

  private static void assertKernel(
      double[] expected, double[] found, double tolerance, String what) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], tolerance, what + ", element " + i);
    }
  }

  private static double mean(double[] kernel) {
    return Arrays.stream(kernel).map(Math::abs).average().orElseThrow();
  }

  /** Convolutions and positions of a sequence have factors: no rule of their own is needed. */
  @ParameterizedTest
  @CsvSource({
    "lenet-torchscript, conv2.weight",
    "resnet-block-torchscript, down.weight",
    "signal-torchscript, conv.weight",
    "signal-torchscript, up.weight",
    "encoder-torchscript, qkv.weight",
    "encoder-dynamo, up.weight"
  })
  void weightAtManyPositionsHasFactors(String file, String parameter) {
    Model model = load("/onnx/" + file + ".onnx", ImportOptions.defaults());
    KernelRequest request =
        new KernelRequest(
            KernelKind.TRACE, false, Grams.parameters(model.graph()), Method.INPUTS_FIRST);
    KernelPlan plan = KernelPlan.of(model.graph(), request);
    assertEquals(Method.INPUTS_FIRST, plan.methods().get(parameter));
  }
}
