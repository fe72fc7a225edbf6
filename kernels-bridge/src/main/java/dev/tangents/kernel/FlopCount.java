package dev.tangents.kernel;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;

/** Counts the floating-point operations of a graph. */
final class FlopCount {
  private FlopCount() {}

  /**
   * 2 m n k for each matrix product, and one for each element of any other result that computes.
   */
  static double of(Graph graph) {
    double flops = 0;
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply) {
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
