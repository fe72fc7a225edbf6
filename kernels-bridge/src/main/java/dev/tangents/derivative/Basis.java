package dev.tangents.derivative;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Jvp;
import java.util.List;
import java.util.Set;

/** Runs a linear map on every unit vector at once. */
final class Basis {
  private Basis() {}

  /**
   * The last input of the graph, of V elements, becomes the constant of all V unit vectors, [V,
   * shape...]; each result gets their axis in front.
   */
  static Graph over(Graph graph) {
    Node.Input last = last(graph);
    long lanes = last.type().shape().size();
    Graph batched = Batch.of(graph, Set.of(last.name()), lanes);
    return Bind.constant(batched, last.name(), identity(last.type().shape()));
  }

  /** The input that a transform added behind the graph's own. */
  static Node.Input last(Graph graph) {
    List<Node.Input> inputs = graph.inputs();
    return inputs.get(inputs.size() - 1);
  }

  /**
   * The input or parameter of that name.
   *
   * @throws dev.tangents.error.TangentsException if the name is unknown, or no derivative can be
   *     taken by it
   */
  static Node leaf(Graph graph, String name) {
    Jvp.of(graph, List.of(name)); // refuses a name that no derivative can be taken by
    return graph.inputs().stream().anyMatch(input -> input.name().equals(name))
        ? graph.input(name)
        : graph.parameter(name);
  }

  /** All V unit tensors of a shape, [V, shape...]. */
  static Literal identity(Shape shape) {
    int size = shape.intSize();
    TensorType type = TensorType.real(shape.insert(0, size));
    double[] values = new double[type.shape().intSize()];
    for (int i = 0; i < size; i++) {
      values[i * size + i] = 1;
    }
    return Literal.of(type, values);
  }
}
