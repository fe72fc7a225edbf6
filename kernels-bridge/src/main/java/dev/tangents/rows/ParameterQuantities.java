package dev.tangents.rows;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.rows.RowGraphs.added;
import static dev.tangents.rows.RowGraphs.dims;
import static dev.tangents.rows.RowGraphs.outputs;
import static dev.tangents.rows.RowGraphs.samples;

import dev.tangents.derivative.Losses;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.kernel.PairwiseKernel;
import dev.tangents.kernel.Projections;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.rows.RowRequest.Projection;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** The norm of the whole Jacobian, which is not formed. */
  static RowGraph norm(Graph network, List<String> parameters) {
    return RowGraph.of(
        PairwiseKernel.norm(network, parameters), samples(network), List.of(Part.scalar("norm")));
  }

  static RowGraph pairKernel(Graph network, List<String> parameters) {
    Map<String, SampleInput> inputs = new HashMap<>();
    samples(network)
        .forEach(
            (name, content) -> {
              inputs.put(name, content);
              inputs.put(
                  PairwiseKernel.other(name),
                  content == SampleInput.FEATURES
                      ? SampleInput.OTHER_FEATURES
                      : SampleInput.OTHER_INTEGERS);
            });
    return RowGraph.of(
        PairwiseKernel.of(network, parameters), inputs, List.of(Part.scalar("kernel")));
  }

  /** The Jacobian of the sum over a batch of f, in which samples that pad have no weight. */
  static RowGraph jacobianSum(Graph network, List<String> parameters) {
    Graph weighted = weighted(network);
    Map<String, SampleInput> inputs = new HashMap<>(samples(network));
    inputs.put(Losses.WEIGHT, SampleInput.WEIGHT);
    int outputs = outputs(network);
    RowGraph.Source source =
        size -> {
          Graph batched = Batch.of(weighted, inputs.keySet(), size.samples());
          GraphBuilder builder = new GraphBuilder();
          Value each = batched.copyInto(builder).get(batched.outputs().get(0));
          Graph sum = builder.build(Sum.sum(each, 0));
          Graph pulled = Vjp.of(sum, parameters);
          Node.Input seed = added(weighted, pulled, 0);
          Graph lanes = Batch.of(pulled, Set.of(seed.name()), outputs);
          Literal units =
              Literal.of(lanes.input(seed.name()).type(), Lanes.of(seed).units(0, outputs));
          return Bind.constant(lanes, seed.name(), units);
        };
    List<Part> parts = new ArrayList<>();
    for (String name : parameters) {
      List<Integer> shape = new ArrayList<>(List.of(outputs));
      shape.addAll(dims(network.parameter(name)));
      parts.add(Part.sum(name, shape));
    }
    return new RowGraph(source, inputs, Lanes.NONE, Lanes.NONE, parts);
  }

  private static Graph weighted(Graph network) {
    GraphBuilder builder = new GraphBuilder();
    Value value = network.copyInto(builder).get(network.outputs().get(0));
    Value weight = builder.input(Losses.WEIGHT, TensorType.real(Shape.scalar()));
    return builder.build(mul(value, Broadcast.broadcast(weight, value.shape(), List.of())));
  }

  private static RowGraph byOutput(Graph network, Graph graph, List<Part> parts) {
    Lanes outer = Lanes.of(added(network, graph, 0));
    return RowGraph.of(graph, samples(network), outer, Lanes.NONE, parts);
  }
}
