package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An imported network: f maps one sample x [D] to outputs [O] with P parameters.
 *
 * @param graph the network for ONE sample: one input of shape [D], real or integer (token ids,
 *     which have no derivative), or a real one and an integer one behind it, D numbers together;
 *     one output of shape [O]
 * @param weights the numbers of each parameter of the graph, under the model's own names
 * @param inputs the inputs of the model file, one after the other in those of the graph
 * @param output the value of the model file that the graph's output is
 * @param description one line for people: the kind of file and the layers
 * @param sha256 hash, in hex, of the file's bytes or of the specification
 */
public record Model(
    Graph graph,
    Weights weights,
    List<ModelInput> inputs,
    ModelValue output,
    String description,
    String sha256) {
  /**
   * Checks that weights, inputs and graph fit.
   *
   * @throws TangentsException if the graph has not inputs as above and one output of rank 1, or a
   *     parameter is missing or has another shape
   */
  public Model {
    inputs = List.copyOf(inputs);
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(sha256, "sha256");
    boolean mixed =
        graph.inputs().size() == 2
            && graph.inputs().get(0).type().isReal()
            && !graph.inputs().get(1).type().isReal();
    if ((graph.inputs().size() != 1 && !mixed) || graph.outputs().size() != 1) {
      throw TangentsException.model(
          "Model: expected one input, or a real and an integer one, and one output, got %d and %d",
          graph.inputs().size(), graph.outputs().size());
    }
    graph
        .inputs()
        .forEach(i -> requireVector("the input of one sample must be a vector", false, i));
    requireInputs(graph, inputs);
    Objects.requireNonNull(output, "output");
    requireVector(
        "the output of one sample must be a real vector", true, graph.node(graph.outputs().get(0)));
    for (Node.Parameter parameter : graph.parameters()) {
      Literal literal = weights.get(parameter.name());
      if (!literal.type().equals(parameter.type())) {
        throw TangentsException.model(
            "Parameter '%s': the network expects %s, the weights are %s",
            parameter.name(), parameter.type(), literal.type());
      }
    }
  }

  /** A model whose inputs are those of the graph, and its output f. */
  public Model(Graph graph, Weights weights, String description, String sha256) {
    this(
        graph,
        weights,
        graph.inputs().stream().map(i -> ModelInput.of(i.name(), i.type())).toList(),
        ModelValue.of("f", graph.outputTypes().get(0).shape()),
        description,
        sha256);
  }

  /** This model with another value of its file as the output. */
  public Model withOutput(ModelValue other) {
    return new Model(graph, weights, inputs, other, description, sha256);
  }

  /** D, the number of features of a sample, real and integer. */
  public long inputWidth() {
    return inputs.stream().mapToLong(ModelInput::size).sum();
  }

  /** How many of the D features are real: they come first, and have derivatives. */
  public long realWidth() {
    return inputs.stream().filter(ModelInput::real).mapToLong(ModelInput::size).sum();
  }

  /**
   * A sample's D features, cut into those of each input of the graph.
   *
   * @param features the numbers of all {@link #inputs}, one after the other
   */
  public List<double[]> split(double... features) {
    if (graph.inputs().size() == 1) {
      return List.of(features);
    }
    int real = (int) realWidth();
    return List.of(
        Arrays.copyOf(features, real), Arrays.copyOfRange(features, real, features.length));
  }

  /** O, the number of outputs. */
  public long outputCount() {
    return graph.outputTypes().get(0).shape().size();
  }

  /** P, the number of trained numbers. */
  public long parameterCount() {
    return graph.parameterCount();
  }

  private static void requireInputs(Graph graph, List<ModelInput> inputs) {
    for (boolean real : new boolean[] {true, false}) {
      long expected =
          graph.inputs().stream()
              .filter(node -> node.type().isReal() == real)
              .mapToLong(node -> node.type().shape().size())
              .sum();
      long found = inputs.stream().filter(i -> i.real() == real).mapToLong(ModelInput::size).sum();
      if (found != expected) {
        throw TangentsException.model(
            "Model: its inputs %s have %d %s numbers, the graph takes %d",
            ModelInput.listed(inputs), found, real ? "real" : "integer", expected);
      }
    }
  }

  private static void requireVector(String rule, boolean real, Node node) {
    if (node.type().shape().rank() != 1 || (real && !node.type().isReal())) {
      throw TangentsException.model(
          "Model: %s; got %s. Reshape it in the model file", rule, node.type());
    }
  }
}
