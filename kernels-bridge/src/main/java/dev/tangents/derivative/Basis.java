package dev.tangents.derivative;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.transform.Batch;
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
    GraphBuilder builder = new GraphBuilder();
    List<Value> values =
        batched.rebuild(
            (node, arguments) ->
                node instanceof Node.Input input && input.name().equals(last.name())
                    ? builder.constant(identity(last.type().shape()))
                    : Graph.copyNode(builder, node, arguments));
    return builder.build(batched.outputs().stream().map(values::get).toList());
  }

  /** The input that a transform added behind the graph's own. */
  static Node.Input last(Graph graph) {
    List<Node.Input> inputs = graph.inputs();
    return inputs.get(inputs.size() - 1);
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
