package dev.tangents.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.testkit.Everywhere;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Vjp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * What another library computed with a network: outputs of some samples, and of the first its
 * gradients of sum_o seed_o f_o by every parameter and, unless it is of whole numbers, by the
 * input.
 */
public final class GoldenNetwork {
  /** Two libraries in double, a few hundred roundings each. */
  private static final double TOLERANCE = 1e-10;

  private final List<double[]> inputs;
  private final List<double[]> outputs;

  /** Weights of the outputs. */
  private final double[] seed;

  /** Gradients by parameters, under the library's names. */
  private final Map<String, double[]> parameters = new TreeMap<>();

  /** Gradient by the input; empty if there is none. */
  private final double[] byInput;

  private GoldenNetwork(JsonNode json) {
    inputs = rows(json.get("inputs"));
    outputs = rows(json.get("outputs"));
    seed = row(json.get("seed"));
    json.get("parameters").properties().forEach(p -> parameters.put(p.getKey(), row(p.getValue())));
    byInput = row(json.get("inputGradient"));
  }

  /** Reads what a generator wrote. */
  public static GoldenNetwork read(Path file) throws IOException {
    return new GoldenNetwork(JsonTree.parseObject(Files.readAllBytes(file)));
  }

  /** Checks the model's outputs, on every engine. */
  public void assertOutputs(Model model) {
    for (int n = 0; n < inputs.size(); n++) {
      Everywhere.assertResults(
          List.of(outputs.get(n)),
          model.graph(),
          model.weights(),
          List.of(inputs.get(n)),
          TOLERANCE);
    }
  }

  /** Checks the names of the model's parameters and its gradients, on every engine. */
  public void assertGradients(Model model) {
    assertNames(model);
    Everywhere.assertResults(
        gradients(), pulled(model), model.weights(), List.of(inputs.get(0), seed), TOLERANCE);
  }

  /** The same where a parameter's gradient is kept as its first number and its norm. */
  public void assertSummaries(Model model) {
    assertNames(model);
    List<double[]> found =
        new ArrayList<>(
            Runs.reference(pulled(model), model.weights(), List.of(inputs.get(0), seed)));
    for (int i = 0; i < parameters.size(); i++) {
      double[] whole = found.get(i);
      found.set(i, new double[] {whole[0], Math.sqrt(Vectors.dot(whole, whole))});
    }
    Vectors.assertClose(gradients(), found, TOLERANCE, model.description());
  }

  private void assertNames(Model model) {
    List<String> names = model.graph().parameters().stream().map(Node.Parameter::name).toList();
    assertEquals(List.copyOf(parameters.keySet()), names.stream().sorted().toList());
  }

  private List<double[]> gradients() {
    List<double[]> gradients = new ArrayList<>(parameters.values());
    if (byInput.length > 0) {
      gradients.add(byInput);
    }
    return gradients;
  }

  private Graph pulled(Model model) {
    List<String> wrt = new ArrayList<>(parameters.keySet());
    if (byInput.length > 0) {
      wrt.add(model.graph().inputs().get(0).name());
    }
    return Vjp.of(model.graph(), wrt);
  }

  private static List<double[]> rows(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(GoldenNetwork::row).toList();
  }

  private static double[] row(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
