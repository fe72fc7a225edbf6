package dev.tangents.testkit;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs graphs on plain arrays. */
public final class Runs {
  private Runs() {}

  /** The results of a graph without parameters, on the reference engine. */
  public static List<double[]> reference(Graph graph, List<double[]> inputs) {
    return reference(graph, Weights.none(), inputs);
  }

  /** The results of a graph, on the reference engine. */
  public static List<double[]> reference(Graph graph, Weights weights, List<double[]> inputs) {
    try (Engine engine = new ReferenceEngine()) {
      return on(engine, graph, weights, inputs);
    }
  }

  /** The results of a graph. */
  public static List<double[]> on(
      Engine engine, Graph graph, Weights weights, List<double[]> inputs) {
    List<HostTensor> tensors = new ArrayList<>();
    List<Node.Input> declared = graph.inputs();
    if (declared.size() != inputs.size()) {
      throw new AssertionError("Expected " + declared.size() + " inputs, got " + inputs.size());
    }
    for (int i = 0; i < declared.size(); i++) {
      tensors.add(HostTensor.of(declared.get(i).type().shape(), inputs.get(i)));
    }
    return engine.evaluate(graph, weights, tensors).stream().map(HostTensor::doubles).toList();
  }

  /** The graph after {@link Simplify}, with constants folded by the reference. */
  public static Graph simplified(Graph graph) {
    return new Simplify(new ReferenceFolder()).apply(graph);
  }

  /** One list after the other. */
  public static List<double[]> inputs(List<double[]> first, List<double[]> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** Three lists, one after the other. */
  public static List<double[]> inputs(
      List<double[]> first, List<double[]> second, List<double[]> third) {
    return inputs(inputs(first, second), third);
  }
}
