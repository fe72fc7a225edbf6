package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import java.util.Objects;

/**
 * An imported network: f maps one sample x [D] to outputs [O] with P parameters.
 *
 * @param graph the network for ONE sample: one input of shape [D], real or integer (token ids,
 *     which have no derivative), one output of shape [O]
 * @param weights the numbers of each parameter of the graph, under the model's own names
 * @param description one line for people: the kind of file and the layers
 * @param sha256 hash, in hex, of the file's bytes or of the specification
 */
public record Model(Graph graph, Weights weights, String description, String sha256) {
  /**
   * Checks that weights and graph fit.
   *
   * @throws TangentsException if the graph has not one input and one output of rank 1, or a
   *     parameter is missing or has another shape
   */
  public Model {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(sha256, "sha256");
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
      throw TangentsException.model(
          "Model: expected one input and one output, got %d and %d",
          graph.inputs().size(), graph.outputs().size());
    }
    requireVector("the input of one sample must be a vector", false, graph.inputs().get(0));
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

  /** D, the number of features of a sample. */
  public long inputWidth() {
    return graph.inputs().get(0).type().shape().size();
  }

  /** O, the number of outputs. */
  public long outputCount() {
    return graph.outputTypes().get(0).shape().size();
  }

  /** P, the number of trained numbers. */
  public long parameterCount() {
    return graph.parameterCount();
  }

  private static void requireVector(String rule, boolean real, Node node) {
    if (node.type().shape().rank() != 1 || (real && !node.type().isReal())) {
      throw TangentsException.model(
          "Model: %s; got %s. Reshape it in the model file", rule, node.type());
    }
  }
}
