package dev.tangents.derivative;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.FlopCount;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Simplify;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Jacobians J[o..., i...] = df[o...] / dx[i...] of one sample as graphs: for a result f of shape
 * [O...] by an input or parameter x of shape [in...], a result of shape [O..., in...]. The graph
 * has the inputs of the given one. With several results and several names the order is result by
 * result, for each the names in order. A result that does not depend on x has a Jacobian of zeros,
 * of full shape.
 *
 * <p>Both modes give the same numbers up to rounding. Reverse costs O passes backward, forward I
 * passes forward, where O and I count the elements; either way the network itself runs once.
 */
public final class Jacobians {
  /**
   * The most numbers of a mode's unit vectors, which are formed to count its operations: 32 MiB.
   */
  private static final long MOST_NUMBERS = 1L << 22;

  private Jacobians() {}

  /**
   * The Jacobians in the cheaper mode: that whose simplified graph computes and moves fewer numbers
   * a run; reverse, if they are equal. Numbers of elements alone mislead: a last layer's cotangents
   * are unit vectors, whose product with its weights is free, also behind an elementwise function,
   * and so are a first layer's tangents; and forward mode transposes what it has. Only where a
   * mode's unit vectors would have more than {@value #MOST_NUMBERS} numbers do the elements decide.
   *
   * @throws dev.tangents.error.TangentsException if a name is unknown or not real
   */
  public static Graph of(Graph graph, List<String> wrt) {
    long rows = sum(graph, size -> size);
    Graph pulled = Vjp.of(graph, wrt);
    long columns = sum(pulled, size -> size);
    if (sum(graph, size -> size * size) > MOST_NUMBERS
        || sum(pulled, size -> size * size) > MOST_NUMBERS) {
      return columns < rows ? forward(graph, wrt) : reverse(graph, wrt);
    }
    Graph forward = forward(graph, wrt);
    Graph reverse = reverse(graph, wrt);
    return cost(forward) < cost(reverse) ? forward : reverse;
  }

  /** Operations of a run, and the numbers that it moves: a forward basis comes out transposed. */
  private static double cost(Graph graph) {
    Graph simplified = new Simplify(new ReferenceFolder()).apply(graph);
    return FlopCount.ofRun(simplified) + FlopCount.movesOfRun(simplified);
  }

  private static long sum(Graph graph, LongUnaryOperator ofSize) {
    return graph.outputTypes().stream()
        .mapToLong(type -> ofSize.applyAsLong(type.shape().size()))
        .sum();
  }

  /**
   * Row by row: row o is J^T e_o, all O of them as one batch of cotangents.
   *
   * @throws dev.tangents.error.TangentsException if a name is unknown or not real
   */
  public static Graph reverse(Graph graph, List<String> wrt) {
    Join join = new Join();
    List<Value> results = new ArrayList<>();
    for (int id : graph.outputs()) {
      Shape rows = graph.node(id).type().shape();
      Graph pulled = Basis.over(Vjp.of(graph.withOutputs(List.of(id)), wrt));
      for (Value lanes : join.add(pulled)) {
        results.add(reshape(lanes, rows.concat(lanes.shape().remove(0))));
      }
    }
    return join.build(results);
  }

  /**
   * Column by column: column i is J e_i, all I of them as one batch of tangents.
   *
   * @throws dev.tangents.error.TangentsException if a name is unknown or not real
   */
  public static Graph forward(Graph graph, List<String> wrt) {
    return forward(graph, wrt, false);
  }

  /**
   * The Jacobians in forward mode; if {@code gradients}, result k is a gradient by name k, whose
   * Jacobian by the same name is symmetric: its columns are taken for its rows, so that no result
   * is transposed.
   */
  static Graph forward(Graph graph, List<String> wrt, boolean gradients) {
    Join join = new Join();
    List<List<Value>> byName = new ArrayList<>();
    for (String name : wrt) {
      Graph pushed = Jvp.of(graph, List.of(name));
      Shape columns = Basis.last(pushed).type().shape();
      List<Value> lanes = join.add(Basis.over(pushed));
      List<Value> moved = new ArrayList<>();
      for (int i = 0; i < lanes.size(); i++) {
        Value lane = lanes.get(i);
        moved.add(
            gradients && i == byName.size()
                ? reshape(lane, columns.concat(lane.shape().remove(0)))
                : behind(lane, 0, columns));
      }
      byName.add(moved);
    }
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      for (List<Value> column : byName) {
        results.add(column.get(i));
      }
    }
    return join.build(results);
  }

  /** Moves the lanes of a forward basis behind all axes but {@code kept}, and unfolds them. */
  static Value behind(Value lanes, int kept, Shape columns) {
    int to = lanes.shape().rank() - 1 - kept;
    Value moved = moveAxis(lanes, 0, to);
    Shape shape = moved.shape();
    return reshape(
        moved, shape.slice(0, to).concat(columns).concat(shape.slice(to + 1, shape.rank())));
  }
}
