package dev.tangents.rows;

import static dev.tangents.rows.RowGraphs.added;
import static dev.tangents.rows.RowGraphs.dims;
import static dev.tangents.rows.RowGraphs.outputs;
import static dev.tangents.rows.RowGraphs.samples;

import dev.tangents.ir.Graph;
import dev.tangents.kernel.Projections;
import dev.tangents.rows.RowRequest.Projection;
import dev.tangents.transform.Vjp;
import java.util.List;

/** Derivatives of the outputs by the parameters of the network. */
final class ParameterQuantities {
  private ParameterQuantities() {}

  static RowGraph jacobian(Graph network, List<String> parameters) {
    Graph graph = Vjp.of(network, parameters);
    int outputs = outputs(network);
    List<Part> parts =
        parameters.stream()
            .map(name -> Part.byOutput(name, dims(network.parameter(name)), outputs))
            .toList();
    return byOutput(network, graph, parts);
  }

  static RowGraph projected(Graph network, List<String> parameters, Projection projection) {
    Graph graph = Projections.of(network, parameters, projection.size(), projection.seed());
    List<Integer> shape = List.of(projection.size());
    return byOutput(network, graph, List.of(Part.byOutput("", shape, outputs(network))));
  }

  private static RowGraph byOutput(Graph network, Graph graph, List<Part> parts) {
    Lanes outer = Lanes.of(added(network, graph, 0));
    return RowGraph.of(graph, samples(network), outer, Lanes.NONE, parts);
  }
}
