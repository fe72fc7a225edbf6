package dev.tangents.testkit;

import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Weights;
import java.util.List;

/** Requires a graph to give the same results however it is run. */
public final class Everywhere {
  private Everywhere() {}

  /**
   * Requires the expected results from the graph as it stands on the reference, and simplified on
   * every engine, within its own tolerance where that is the wider one.
   */
  public static void assertResults(
      List<double[]> expected,
      Graph graph,
      Weights weights,
      List<double[]> inputs,
      double tolerance) {
    Vectors.assertClose(
        expected, Runs.reference(graph, weights, inputs), tolerance, "as it stands");
    assertOn(Engines.all(), expected, graph, weights, inputs, tolerance);
  }

  /** Requires the expected results from the simplified graph on the given engines. */
  public static void assertOn(
      List<Engines.Entry> engines,
      List<double[]> expected,
      Graph graph,
      Weights weights,
      List<double[]> inputs,
      double tolerance) {
    Graph small = Runs.simplified(graph);
    for (Engines.Entry entry : engines) {
      try (Engine engine = entry.open().get()) {
        Vectors.assertClose(
            expected,
            Runs.on(engine, small, weights, inputs),
            Math.max(tolerance, entry.tolerance()),
            entry.name());
      }
    }
  }
}
