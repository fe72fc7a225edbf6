package dev.tangents.rows;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.reduce.Sum.sum;
import static dev.tangents.rows.RowGraphs.added;
import static dev.tangents.rows.RowGraphs.features;
import static dev.tangents.rows.RowGraphs.outputs;
import static dev.tangents.rows.RowGraphs.samples;
import static dev.tangents.rows.RowGraphs.x;

import dev.tangents.derivative.Determinants;
import dev.tangents.derivative.Laplacians;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Value;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.List;

/** Derivatives by the features of a sample. */
final class InputQuantities {
  private InputQuantities() {}

  /** No derivative at all: what the network says. */
  static RowGraph predictions(Graph network) {
    return RowGraph.of(
        network, samples(network), List.of(Part.whole(Part.VALUES, "", List.of(outputs(network)))));
  }

  static RowGraph jacobian(Graph network, Mode mode) {
    List<String> wrt = List.of(x(network));
    int columns = features(network);
    int rows = outputs(network);
    List<Integer> shape = List.of(rows, columns);
    // Row-major [O, D]: a tangent gives a column, a cotangent a row.
    if (mode == Mode.FORWARD) {
      Graph graph = Jvp.of(network, wrt);
      Part part = new Part(Part.VALUES, "", shape, 1, 0, 1, rows, columns, false);
      return RowGraph.of(
          graph, samples(network), Lanes.NONE, seed(network, graph, 0), List.of(part));
    }
    Graph graph = Vjp.of(network, wrt);
    Part part = new Part(Part.VALUES, "", shape, 1, columns, 0, columns, 1, false);
    return RowGraph.of(graph, samples(network), seed(network, graph, 0), Lanes.NONE, List.of(part));
  }

  static RowGraph hessian(Graph network, Order order) {
    List<String> wrt = List.of(x(network));
    int width = features(network);
    int square = Part.array((double) width * width);
    int outputs = outputs(network);
    List<Integer> shape = List.of(width, width);
    Graph graph =
        switch (order) {
          case FORWARD_OVER_REVERSE -> Jvp.of(Vjp.of(network, wrt), wrt);
          case REVERSE_OVER_REVERSE -> Vjp.of(Vjp.of(network, wrt), wrt);
          case FORWARD_OVER_FORWARD -> Jvp.of(Jvp.of(network, wrt), wrt);
        };
    // A lane of tangents alone gives an element of every output's Hessian, else a row of one's.
    Part part =
        order == Order.FORWARD_OVER_FORWARD
            ? new Part(Part.VALUES, "", shape, outputs, width, 1, outputs, square, false)
            : new Part(Part.VALUES, "", shape, outputs, square, width, width, 1, false);
    return RowGraph.of(
        graph, samples(network), seed(network, graph, 0), seed(network, graph, 1), List.of(part));
  }

  static RowGraph hessianDiagonal(Graph network) {
    List<String> wrt = List.of(x(network));
    int width = features(network);
    Graph graph = alongTangent(network, Jvp.of(Vjp.of(network, wrt), wrt));
    Part part = new Part(Part.VALUES, "", List.of(width), outputs(network), width, 1, 1, 1, false);
    return RowGraph.of(
        graph, samples(network), seed(network, graph, 0), seed(network, graph, 1), List.of(part));
  }

  static RowGraph laplacian(Graph network) {
    int outputs = outputs(network);
    Part part = new Part("laplacian", "", List.of(), outputs, 0, 0, outputs, 1, false);
    return RowGraph.of(Laplacians.of(network, x(network)), samples(network), List.of(part));
  }

  /**
   * The determinant, by the product formula where the network is a chain of square maps, else by
   * LU.
   */
  static RowGraph determinant(Graph network) {
    String x = x(network);
    return RowGraph.of(
        Determinants.product(network, x).orElseGet(() -> Determinants.of(network, x)),
        samples(network),
        List.of(
            Part.scalar("sign"), Part.scalar(Part.LOG_DETERMINANT), Part.scalar(Part.DETERMINANT)));
  }

  /** &lt;v, H v&gt; for the tangent v: for a unit vector its element of the diagonal. */
  private static Graph alongTangent(Graph network, Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = graph.copyInto(builder);
    Value tangent = values.get(added(network, graph, 1).id());
    return builder.build(sum(mul(tangent, values.get(graph.outputs().get(0))), 0));
  }

  private static Lanes seed(Graph network, Graph graph, int index) {
    return Lanes.of(added(network, graph, index));
  }
}
