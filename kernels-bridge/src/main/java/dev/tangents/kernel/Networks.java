package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.shape.Concat.concat;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Slice.slice;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.reduce.Sum;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Heads put on a network of one result before it is differentiated. */
public final class Networks {
  private Networks() {}

  /**
   * The network with its result in shape [O].
   *
   * @throws TangentsException if it has more than one result, or one that is not real
   */
  public static Graph flat(Graph network) {
    List<TensorType> types = network.outputTypes();
    if (types.size() != 1 || !types.get(0).isReal()) {
      throw TangentsException.model("Network: expected one real output, got %s", types);
    }
    return head(network, y -> reshape(y, y.shape().size()));
  }

  /**
   * The network with only the outputs {@code indices} of a result [O], in that order.
   *
   * @throws TangentsException if an index is not in 0 ... O - 1
   */
  public static Graph select(Graph network, List<Integer> indices) {
    return head(
        flat(network),
        y -> {
          List<Value> parts = new ArrayList<>();
          for (int index : indices) {
            if (index < 0 || index >= y.shape().dim(0)) {
              throw TangentsException.user(
                  "Output %d: the model's outputs are 0 to %d", index, y.shape().dim(0) - 1);
            }
            parts.add(slice(y, 0, index, index + 1));
          }
          return concat(parts, 0);
        });
  }

  /** The network of one output, (1/sqrt O) sum_o f_o: the head of the pseudo-NTK. */
  public static Graph normalisedSum(Graph network) {
    return head(
        flat(network),
        y -> {
          double outputs = y.shape().dim(0);
          return reshape(scale(Sum.sum(y, 0), 1 / Math.sqrt(outputs)), 1);
        });
  }

  /**
   * A smaller graph with the same results, as every engine prepares it: for counting what it costs.
   */
  public static Graph simplified(Graph graph) {
    return new Simplify(new ReferenceFolder()).apply(graph);
  }

  private static Graph head(Graph network, UnaryOperator<Value> head) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = network.copyInto(builder);
    return builder.build(head.apply(values.get(network.outputs().get(0))));
  }
}
