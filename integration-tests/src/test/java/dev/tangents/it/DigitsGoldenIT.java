package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import dev.tangents.importer.dl4j.Dl4jVerifier;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Panel;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The digits network's kernels against those that PyTorch computed from explicit Jacobians in
 * double ({@code src/test/python/make_digits_golden.py}).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DigitsGoldenIT {
  private static final int PIXELS = 64;
  private static final int SAMPLES = 64;
  private static final int OUTPUTS = 10;
  private static final String TORCH = "-torch2.15.0";
  private static final double TOLERANCE = 1e-11;

  /** None of these samples has a unit so near to zero that float puts it on the other side. */
  private static final double FLOAT_TOLERANCE = 2e-5;

  private final Path samples = Path.of(System.getProperty("tangents.root"), "data-samples");
  private final LocalFile file = new LocalFile(samples.resolve("digits-mlp.zip"));
  private final ImportOptions logits = ImportOptions.defaults().withOutput(ModelOutput.LOGITS);
  private double[][] rows;
  private Model model;

  @BeforeAll
  void load() throws Exception {
    model = Models.load(file.name(), LocalFile::at, logits);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      String data = samples.resolve("digits.parquet").toString();
      rows =
          spark.read().parquet(data).orderBy("id").limit(SAMPLES).collectAsList().stream()
              .map(DigitsGoldenIT::pixels)
              .toArray(double[][]::new);
    }
  }

  @Test
  void goldensBelongToThisModel() throws Exception {
    String name = "/golden/digits" + TORCH + ".json";
    try (InputStream in = getClass().getResourceAsStream(name)) {
      String record = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(record.contains("\"model_sha256\": \"" + model.sha256() + "\""), record);
      assertTrue(record.contains("\"parameters\": " + model.parameterCount() + ","), record);
    }
  }

  @Test
  void logitsAgreeWithPyTorchAndWithDeeplearning4j() throws Exception {
    double[] expected = Npy.golden("digits-logits-64" + TORCH + ".npy");
    double[][] ours = new double[SAMPLES][];
    try (ReferenceEngine engine = new ReferenceEngine()) {
      for (int n = 0; n < SAMPLES; n++) {
        HostTensor x = HostTensor.of(Shape.of(PIXELS), rows[n]);
        ours[n] = engine.evaluate(model.graph(), model.weights(), List.of(x)).get(0).doubles();
        for (int o = 0; o < OUTPUTS; o++) {
          assertEquals(expected[n * OUTPUTS + o], ours[n][o], 1e-12);
        }
      }
    }
    // The file is of floats, and so is what Deeplearning4j computes.
    double difference = Dl4jVerifier.of(file, logits).maxRelativeDifference(rows, ours);
    assertTrue(difference < 1e-5, "difference " + difference);
  }

  @ParameterizedTest
  @CsvSource({"TRACE,64", "SUM,64", "PER_OUTPUT,32", "FULL,16"})
  void kernelsAreThoseOfPyTorch(KernelKind kind, int count) throws Exception {
    double[] golden = Npy.golden("digits-" + kind.flag() + "-" + count + TORCH + ".npy");
    double mean = Arrays.stream(golden).map(Math::abs).average().orElseThrow();
    try (Engine reference = new ReferenceEngine();
        Engine nd4j = new Nd4jEngine(Precision.DOUBLE);
        Engine single = new Nd4jEngine(Precision.FLOAT)) {
      for (Engine engine : List.of(reference, nd4j, single)) {
        double tolerance = engine == single ? FLOAT_TOLERANCE : TOLERANCE;
        double[] found = kernel(engine, kind, count);
        assertEquals(golden.length, found.length);
        for (int i = 0; i < found.length; i++) {
          double expected = golden[kind == KernelKind.FULL ? blockwise(i, count) : i];
          assertEquals(expected, found[i], tolerance * mean, engine.describe() + " element " + i);
        }
      }
    }
  }

  private double[] kernel(Engine engine, KernelKind kind, int count) {
    List<String> names = model.graph().parameters().stream().map(Node.Parameter::name).toList();
    KernelPlan plan = KernelPlan.of(model.graph(), new KernelRequest(kind, false, names));
    double[] x = new double[count * PIXELS];
    for (int n = 0; n < count; n++) {
      System.arraycopy(rows[n], 0, x, n * PIXELS, PIXELS);
    }
    try (GramKernel gram = new GramKernel(engine, plan, model.weights(), count);
        Panel panel = gram.panel(HostTensor.of(Shape.of(count, PIXELS), x))) {
      return gram.tile(panel, panel).block(0).read().doubles();
    }
  }

  /** Where element i of [O O, N, N] stands in PyTorch's [N, O, N, O]. */
  private static int blockwise(int i, int count) {
    int block = i / (count * count);
    int n = i / count % count;
    int m = i % count;
    return ((n * OUTPUTS + block / OUTPUTS) * count + m) * OUTPUTS + block % OUTPUTS;
  }

  private static double[] pixels(Row row) {
    List<Float> features = row.getList(row.fieldIndex("features"));
    return features.stream().mapToDouble(Float::doubleValue).toArray();
  }
}
