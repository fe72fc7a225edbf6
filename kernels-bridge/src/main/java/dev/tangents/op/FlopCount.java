package dev.tangents.op;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Transpose;
import java.util.BitSet;
import java.util.function.Predicate;

/** Counts the floating-point operations of a graph. */
public final class FlopCount {
  private FlopCount() {}

  /**
   * The operations of a graph: 2 m n k for each matrix product, m n where k = 1, and one for each
   * element of any other result that computes.
   */
  public static double of(Graph graph) {
    return of(graph, node -> true);
  }

  /**
   * The operations of one run of a prepared graph: without what depends on parameters and constants
   * alone, which an engine computes once beforehand.
   */
  public static double ofRun(Graph graph) {
    BitSet varying = graph.varying();
    return of(graph, node -> varying.get(node.id()));
  }

  /**
   * Numbers that one run of a prepared graph moves to another place without computing: those of
   * transposes. Each takes about as long as an operation of an elementwise pass.
   */
  public static double movesOfRun(Graph graph) {
    BitSet varying = graph.varying();
    return graph.nodes().stream()
        .filter(node -> varying.get(node.id()))
        .filter(node -> node instanceof Node.Apply apply && apply.primitive() instanceof Transpose)
        .mapToDouble(node -> node.type().shape().size())
        .sum();
  }

  private static double of(Graph graph, Predicate<Node> counted) {
    double flops = 0;
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply && counted.test(node)) {
        Shape shape = apply.type().shape();
        if (apply.primitive() instanceof MatMul matMul) {
          Shape left = graph.node(apply.arguments().get(0)).type().shape();
          long inner = left.dim(matMul.transposeLeft() ? -2 : -1);
          flops += (inner == 1 ? 1.0 : 2.0 * inner) * shape.size(); // an outer product adds nothing
        } else if (apply.primitive().elementwise()) {
          flops += shape.size();
        }
      }
    }
    return flops;
  }
}
