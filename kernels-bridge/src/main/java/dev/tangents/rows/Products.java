package dev.tangents.rows;

import static dev.tangents.rows.RowGraphs.added;
import static dev.tangents.rows.RowGraphs.dims;
import static dev.tangents.rows.RowGraphs.features;
import static dev.tangents.rows.RowGraphs.outputs;
import static dev.tangents.rows.RowGraphs.samples;
import static dev.tangents.rows.RowGraphs.size;
import static dev.tangents.rows.RowGraphs.x;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.List;
import java.util.Map;

/** Jacobians and Hessians by the features, times directions, without being formed. */
final class Products {
  private final Map<String, SampleInput> inputs;
  private Graph graph;

  private Products(Graph network, Graph graph) {
    this.graph = graph;
    this.inputs = samples(network);
  }

  static RowGraph jvp(Graph network, RowRequest request) {
    Products product = new Products(network, Jvp.of(network, List.of(x(network))));
    Node.Input tangent = added(network, product.graph, 0);
    product.along(tangent, SampleInput.TANGENT, request.tangent().get(0));
    return product.rows();
  }

  static RowGraph vjp(Graph network, RowRequest request) {
    Products product = new Products(network, Vjp.of(network, List.of(x(network))));
    Node.Input cotangent = added(network, product.graph, 0);
    product.along(cotangent, SampleInput.COTANGENT, request.cotangent().get(0));
    return product.rows();
  }

  /** H v by forward over reverse: of sum_o w_o f_o, or without w of each f_o, [O, D]. */
  static RowGraph hvp(Graph network, RowRequest request) {
    List<String> wrt = List.of(x(network));
    Products product = new Products(network, Jvp.of(Vjp.of(network, wrt), wrt));
    Node.Input cotangent = added(network, product.graph, 0);
    product.along(added(network, product.graph, 1), SampleInput.TANGENT, request.tangent().get(0));
    if (!request.cotangent().isEmpty()) {
      product.along(cotangent, SampleInput.COTANGENT, request.cotangent().get(0));
      return product.rows();
    }
    int width = features(network);
    int outputs = outputs(network);
    List<Integer> shape = outputs == 1 ? List.of(width) : List.of(outputs, width);
    Part part = new Part(Part.VALUES, "", shape, 1, width, 0, width, 1, false);
    Lanes lanes = Lanes.of(cotangent);
    return RowGraph.of(product.graph, product.inputs, lanes, Lanes.NONE, List.of(part));
  }

  private void along(Node.Input vector, SampleInput content, Direction direction) {
    if (direction.perSample()) {
      inputs.put(vector.name(), content);
    } else {
      Literal constant = Literal.of(vector.type(), direction.constant(size(vector)));
      graph = Bind.constant(graph, vector.name(), constant);
    }
  }

  private RowGraph rows() {
    Node result = graph.node(graph.outputs().get(0));
    return RowGraph.of(graph, inputs, List.of(Part.whole(Part.VALUES, "", dims(result))));
  }
}
