package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.importer.EqualParameters;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.JsonTree;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.importer.Tie;
import dev.tangents.testkit.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels of networks exported from PyTorch, by every method, against PyTorch's Jacobians. */
class OnnxKernelTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp-torchscript",
        "lenet-torchscript",
        "resnet-block-dynamo",
        "mobile-block-torchscript",
        "encoder-torchscript",
        "encoder-dynamo",
        "tokens-dynamo",
        "signal-torchscript",
        "mobilenetv2-dynamo",
        "convnext-block-dynamo",
        "vit-torchscript",
        "gpt-dynamo",
        "unet-torchscript"
      })
  void kernelIsPyTorchs(String file) throws Exception {
    assertKernels(model(file), golden(file));
  }

  /** An export with folding writes the tied weight twice; tied again it is the module's. */
  @Test
  void kernelOfATiedCopyIsPyTorchs() throws Exception {
    Model twice = model("gpt-folded");
    assertEquals(
        List.of(new Tie("wte.weight", "onnx::MatMul_329")), EqualParameters.of(twice.weights()));
    Model tied =
        Models.load(
            resource("gpt-folded.onnx").toString(),
            LocalFile::at,
            ImportOptions.defaults().withTies(Tie.parse("wte.weight=onnx::MatMul_329")));
    // P of the module, whose gradients PyTorch gives.
    long expected = 0;
    for (JsonNode gradient : golden("gpt-folded").get("parameters")) {
      expected += gradient.size();
    }
    assertEquals(expected, tied.parameterCount());
    assertEquals(expected + 88, twice.parameterCount());
    assertKernels(tied, golden("gpt-folded"));
  }

  private static JsonNode golden(String file) throws Exception {
    return JsonTree.parseObject(
        Files.readAllBytes(resource(file.substring(0, file.lastIndexOf('-')) + ".json")));
  }

  private static void assertKernels(Model model, JsonNode golden) {
    double[][] x =
        StreamSupport.stream(golden.get("inputs").spliterator(), false)
            .map(OnnxKernelTest::row)
            .toArray(double[][]::new);
    double[] expected = row(golden.get("kernel"));
    double mean = Arrays.stream(expected).map(Math::abs).average().orElseThrow();
    for (Precision precision : Precision.values()) {
      try (Engine engine = new Nd4jEngine(precision)) {
        double tolerance = precision == Precision.DOUBLE ? 1e-10 : 2e-5;
        for (Method method : Method.values()) {
          assertKernel(
              engine, model, method, x, Vectors.scaled(1 / mean, expected), mean, tolerance);
        }
      }
    }
  }

  private static void assertKernel(
      Engine engine,
      Model model,
      Method method,
      double[][] x,
      double[] expected,
      double mean,
      double tolerance) {
    KernelRequest request =
        new KernelRequest(KernelKind.FULL, false, Grams.parameters(model.graph()), method);
    KernelPlan plan = KernelPlan.of(model.graph(), request);
    try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), 2);
        Panel panel = kernel.panel(Grams.rows(x))) {
      TileResult tile = kernel.tile(panel, panel);
      double[] found = tile.block(0).read().doubles();
      Vectors.assertClose(
          expected, Vectors.scaled(1 / mean, found), tolerance, engine.describe() + " " + method);
    }
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
  void weightAtManyPositionsHasFactors(String file, String parameter) throws Exception {
    Model model = model(file);
    KernelRequest request =
        new KernelRequest(KernelKind.TRACE, false, Grams.parameters(model.graph()), Method.FACTOR);
    TermPlan term =
        KernelPlan.of(model.graph(), request).terms(4, 4).stream()
            .filter(plan -> plan.parameter().equals(parameter))
            .findFirst()
            .orElseThrow();
    assertEquals(Method.FACTOR, term.method());
  }

  private static Model model(String file) throws Exception {
    return Models.load(resource(file + ".onnx").toString(), LocalFile::at);
  }

  private static Path resource(String name) throws Exception {
    return Path.of(OnnxKernelTest.class.getResource("/onnx/" + name).toURI());
  }

  private static double[] row(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
