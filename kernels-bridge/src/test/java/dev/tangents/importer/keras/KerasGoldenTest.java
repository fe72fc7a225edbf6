package dev.tangents.importer.keras;

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
 * Networks saved by Keras with {@code keras/generate.py}, in double and in both formats: outputs,
 * and gradients by the input and by every trainable variable.
 */
class KerasGoldenTest {
  /** Two libraries in double, a few hundred roundings each. */
  private static final double TOLERANCE = 1e-10;

  @ParameterizedTest
  @CsvSource({
    "mlp, keras",
    "mlp, h5",
    "lenet, keras",
    "lenet, h5",
    "resnet, keras",
    "resnet, h5",
    "mobile, keras",
    "mobile, h5",
    "branches, keras",
    "branches, h5",
    "tokens, keras",
    "tokens, h5",
    "signal, keras",
    "signal, h5",
    "unet, keras",
    "unet, h5",
    "first, keras",
    "first, h5"
  })
  void outputsAndGradientsAreThoseOfKeras(String network, String format) throws Exception {
    JsonNode golden = JsonTree.parseObject(Files.readAllBytes(resource(network + ".json")));
    Model model = Models.load(resource(network + "." + format).toString(), LocalFile::at);
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
    return Path.of(KerasGoldenTest.class.getResource("/keras/" + name).toURI());
  }

  private static List<double[]> rows(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(KerasGoldenTest::row).toList();
  }

  private static double[] row(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
