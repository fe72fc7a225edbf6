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
import dev.tangents.transform.Vjp;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks exported from PyTorch by {@code onnx/generate.py}, in double: outputs and gradients by
 * the input and by every parameter of the PyTorch module, under its names.
 */
class OnnxGoldenTest {
  /** Two libraries in double, a few hundred roundings each. */
  private static final double TOLERANCE = 1e-10;

  @ParameterizedTest
  @CsvSource({
    "mlp, torchscript",
    "mlp, dynamo",
    "lenet, torchscript",
    "lenet, dynamo",
    "resnet-block, torchscript",
    "resnet-block, dynamo",
    "mobile-block, torchscript",
    "mobile-block, dynamo",
    "encoder, torchscript",
    "encoder, dynamo",
    "tokens, torchscript",
    "tokens, dynamo",
    "signal, torchscript",
    "signal, dynamo"
  })
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
    Graph pulled = Vjp.of(model.graph(), wrt);
    Everywhere.assertResults(
        gradients,
        pulled,
        model.weights(),
        List.of(inputs.get(0), row(golden.get("seed"))),
        TOLERANCE);
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
