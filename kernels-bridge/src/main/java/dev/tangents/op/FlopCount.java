package dev.tangents.op;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;
import java.util.BitSet;
import java.util.function.Predicate;

/** Counts the floating-point operations of a graph. */
public final class FlopCount {
  private FlopCount() {}

  /**
   * 2 m n k for each matrix product, and one for each element of any other result that computes.
   */
  public static double of(Graph graph) {
    return of(graph, node -> true);
  }

  /**
   * The same for one run of a prepared graph: without what depends on parameters and constants
   * alone, which an engine computes once beforehand.
   */
  public static double ofRun(Graph graph) {
    BitSet varying = new BitSet();
    for (Node node : graph.nodes()) {
      varying.set(
          node.id(),
          node instanceof Node.Input
              || (node instanceof Node.Apply apply
                  && apply.arguments().stream().anyMatch(varying::get)));
    }
    return of(graph, node -> varying.get(node.id()));
  }

  private static double of(Graph graph, Predicate<Node> counted) {
    double flops = 0;
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply && counted.test(node)) {
        Shape shape = apply.type().shape();
        if (apply.primitive() instanceof MatMul matMul) {
          Shape left = graph.node(apply.arguments().get(0)).type().shape();
          flops += 2.0 * shape.size() * left.dim(matMul.transposeLeft() ? -2 : -1);
        } else if (apply.primitive().elementwise()) {
          flops += shape.size();
        }
      }
    }
    return flops;
  }
}
