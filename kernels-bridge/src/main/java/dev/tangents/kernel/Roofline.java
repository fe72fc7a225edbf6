package dev.tangents.kernel;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Transpose;
import java.util.BitSet;

/**
 * Predicts the seconds of a graph by the roofline of each step (Williams, Waterman, Patterson
 * 2009): the longer of its arithmetic and its traffic, and the cost of a call. BLAS brings the
 * operands of a matrix product into an order of its own first, as fast as a transposition does and
 * not beside the arithmetic: so a product of few rows is slow however many columns it has, and its
 * shape counts, not its operations alone.
 */
public final class Roofline {
  private final Rates rates;
  private final int width;

  /**
   * A roofline.
   *
   * @param width bytes of a number
   */
  public Roofline(Rates rates, int width) {
    this.rates = rates;
    this.width = width;
  }

  /** Seconds of one run of a simplified graph, without what depends on no input. */
  public double seconds(Graph graph) {
    BitSet varying = graph.varying();
    double seconds = 0;
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply && varying.get(apply.id())) {
        seconds += seconds(graph, apply);
      }
    }
    return seconds;
  }

  private double seconds(Graph graph, Node.Apply apply) {
    if (apply.primitive() instanceof Reshape || apply.primitive() instanceof Broadcast) {
      return 0; // a view, or repeated by the step that reads it
    }
    double numbers = apply.type().shape().size();
    for (int argument : apply.arguments()) {
      numbers += read(graph.node(argument), graph);
    }
    double bytes = numbers * width;
    if (apply.primitive() instanceof MatMul matMul) {
      Shape left = graph.node(apply.arguments().get(0)).type().shape();
      long inner = left.dim(matMul.transposeLeft() ? -2 : -1);
      double batch = left.slice(0, left.rank() - 2).size();
      double flops = 2.0 * inner * apply.type().shape().size();
      double operands = (numbers - apply.type().shape().size()) * width;
      double multiplied = flops / rates.product() + operands / rates.move();
      return Math.max(multiplied, bytes / rates.stream()) + batch * rates.call();
    }
    boolean moves =
        apply.primitive() instanceof Transpose
            || apply.primitive() instanceof StridedView
            || apply.primitive() instanceof StridedAdd;
    return bytes / (moves ? rates.move() : rates.stream()) + rates.call();
  }

  /** Numbers read of an operand: those of what it repeats. */
  private static double read(Node node, Graph graph) {
    boolean repeats =
        node instanceof Node.Apply apply
            && (apply.primitive() instanceof Broadcast || apply.primitive() instanceof Reshape);
    if (repeats) {
      return read(graph.node(((Node.Apply) node).arguments().get(0)), graph);
    }
    return node.type().shape().size();
  }
}
