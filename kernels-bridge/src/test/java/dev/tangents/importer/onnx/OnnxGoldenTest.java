package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.importer.JsonTree;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.testkit.Everywhere;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Vjp;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks exported from PyTorch by {@code onnx/generate.py}, in double: outputs and gradients by
 * the input and by every parameter of the PyTorch module, under its names.
 */
class OnnxGoldenTest {
  /** Two libraries in double, a few hundred roundings each. */
  private static final double TOLERANCE = 1e-10;

  /** From this many parameters on, a gradient is kept as its first number and its norm. */
  private static final long FULL = 1500;

  private static final List<String> NETWORKS =
      List.of(
          "convnext-block",
          "encoder",
          "gpt",
          "lenet",
          "mlp",
          "mobile-block",
          "mobilenetv2",
          "resnet-block",
          "resnet18",
          "signal",
          "tokens",
          "unet",
          "vit");

  static Stream<Arguments> files() {
    return NETWORKS.stream()
        .flatMap(n -> Stream.of(Arguments.of(n, "torchscript"), Arguments.of(n, "dynamo")));
  }

  @ParameterizedTest
  @MethodSource("files")
  void outputsAndGradientsArePyTorchs(String network, String exporter) throws Exception {
    JsonNode golden = JsonTree.parseObject(Files.readAllBytes(resource(network + ".json")));
    Model model =
        Models.load(resource(network + "-" + exporter + ".onnx").toString(), LocalFile::at);
    List<double[]> inputs = rows(golden.get("inputs"));
    List<double[]> outputs = rows(golden.get("outputs"));
    for (int n = 0; n < inputs.size(); n++) {
      Everywhere.assertResults(
          List.of(outputs.get(n)),
          model.graph(),
          model.weights(),
          List.of(inputs.get(n)),
          TOLERANCE);
    }
    Map<String, double[]> expected = new TreeMap<>();
    golden.get("parameters").properties().forEach(p -> expected.put(p.getKey(), row(p.getValue())));
    List<String> names = model.graph().parameters().stream().map(Node.Parameter::name).toList();
    assertEquals(List.copyOf(expected.keySet()), names.stream().sorted().toList());

    List<String> wrt = new ArrayList<>(expected.keySet());
    List<double[]> gradients = new ArrayList<>(expected.values());
    double[] byInput = row(golden.get("inputGradient"));
    if (byInput.length > 0) {
      wrt.add(model.graph().inputs().get(0).name());
      gradients.add(byInput);
    }
    List<double[]> operands = List.of(inputs.get(0), row(golden.get("seed")));
    Graph pulled = Vjp.of(model.graph(), wrt);
    if (model.parameterCount() < FULL) {
      Everywhere.assertResults(gradients, pulled, model.weights(), operands, TOLERANCE);
      return;
    }
    List<double[]> found = new ArrayList<>(Runs.reference(pulled, model.weights(), operands));
    for (int i = 0; i < expected.size(); i++) {
      double[] whole = found.get(i);
      found.set(i, new double[] {whole[0], Math.sqrt(Vectors.dot(whole, whole))});
    }
    Vectors.assertClose(gradients, found, TOLERANCE, network);
  }

  static Path resource(String name) throws URISyntaxException {
    return Path.of(OnnxGoldenTest.class.getResource("/onnx/" + name).toURI());
  }

  private static List<double[]> rows(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(OnnxGoldenTest::row).toList();
  }

  private static double[] row(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
