package dev.tangents.op.nn;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;

/** What a network's result ends in, seen through reshapes and the selection of outputs. */
public final class Heads {
  private Heads() {}

  /** Whether the result is a softmax as {@link Softmax} composes it. */
  public static boolean isSoftmax(Graph network) {
    Node exp = head(network);
    if (!(exp instanceof Node.Apply power && power.primitive() instanceof Exp)) {
      return false;
    }
    Node sub = network.node(power.arguments().get(0));
    if (!(sub instanceof Node.Apply difference && difference.primitive() instanceof Sub)) {
      return false;
    }
    Node sum = moved(network, network.node(difference.arguments().get(1)));
    return sum instanceof Node.Apply fold && fold.primitive() instanceof LogSumExp;
  }

  /** Whether the result is a sigmoid. */
  public static boolean isSigmoid(Graph network) {
    return head(network) instanceof Node.Apply apply && apply.primitive() instanceof Sigmoid;
  }

  private static Node head(Graph network) {
    return moved(network, network.node(network.outputs().get(0)));
  }

  /** The value whose elements a node moves about, if that is all it does. */
  private static Node moved(Graph network, Node node) {
    Node from = node;
    while (from instanceof Node.Apply apply
        && (apply.primitive() instanceof Reshape
            || apply.primitive() instanceof Slice
            || apply.primitive() instanceof Concat
            || apply.primitive() instanceof Broadcast)) {
      from = network.node(apply.arguments().get(0));
    }
    return from;
  }
}
