package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.shape.Concat.concat;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Slice.slice;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Diagonal;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network read as a chain of square maps, one after the other, so that det J is the product of
 * their determinants. The links are cut at the values that every path from the input to the result
 * passes through: a link is one primitive that knows its determinant, or a piece of graph, such as
 * gelu, that takes each element by itself.
 */
final class SquareChain {
  private final Graph network;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> values;
  private final int from;
  private final int to;
  private final BitSet between;
  private Value vectorSign;
  private Value sign;
  private Value log;

  private SquareChain(Graph network, int from) {
    this.network = network;
    this.values = network.copyInto(builder);
    this.from = from;
    this.to = network.outputs().get(0);
    this.between = between();
    this.vectorSign = builder.splat(Shape.of(network.node(from).type().shape().size()), 1);
    this.sign = builder.splat(Shape.scalar(), 1);
    this.log = builder.splat(Shape.scalar(), 0);
  }

  /**
   * Sign, ln |det| and det of the Jacobian of the network's one result by node {@code from}.
   *
   * @return empty if a link of the chain has no determinant that is known without its Jacobian
   */
  static Optional<Graph> determinant(Graph network, int from) {
    SquareChain chain = new SquareChain(network, from);
    return chain.multiply() ? Optional.of(chain.graph()) : Optional.empty();
  }

  /** The nodes on a path from the input to the result. */
  private BitSet between() {
    BitSet after = new BitSet();
    after.set(from);
    BitSet needed = new BitSet();
    needed.set(to);
    for (Node node : network.nodes()) {
      if (node instanceof Node.Apply apply && apply.arguments().stream().anyMatch(after::get)) {
        after.set(node.id());
      }
    }
    for (int id = to; id >= 0; id--) {
      if (needed.get(id) && network.node(id) instanceof Node.Apply apply) {
        apply.arguments().forEach(needed::set);
      }
    }
    after.and(needed);
    return after;
  }

  private boolean multiply() {
    if (!between.get(from)) {
      return false;
    }
    int[] lastUse = lastUses();
    List<Node.Apply> link = new ArrayList<>();
    int start = from;
    int reach = lastUse[from];
    for (int id = between.nextSetBit(from + 1); id >= 0; id = between.nextSetBit(id + 1)) {
      link.add((Node.Apply) network.node(id));
      boolean passedBy = reach > id; // ids grow along a path
      reach = Math.max(reach, lastUse[id]);
      if (!passedBy) {
        Optional<LogDeterminant> determinant = link(start, link);
        if (determinant.isEmpty()) {
          return false;
        }
        multiply(determinant.get());
        link.clear();
        start = id;
      }
    }
    return true;
  }

  /** The last node of a path that takes each node as an operand. */
  private int[] lastUses() {
    int[] last = new int[network.nodes().size()];
    between.stream()
        .filter(id -> id != from)
        .forEach(
            id -> ((Node.Apply) network.node(id)).arguments().forEach(used -> last[used] = id));
    return last;
  }

  private Optional<LogDeterminant> link(int start, List<Node.Apply> nodes) {
    Node.Apply first = nodes.get(0);
    List<Integer> arguments = first.arguments();
    if (nodes.size() == 1 && arguments.stream().filter(id -> id == start).count() == 1) {
      Optional<LogDeterminant> known =
          first.primitive().determinant(site(first), arguments.indexOf(start));
      if (known.isPresent()) {
        return known;
      }
    }
    return nodes.stream().allMatch(node -> node.primitive().elementwise())
        ? Optional.of(Diagonal.determinant(slopes(start, nodes)))
        : Optional.empty();
  }

  /** The diagonal of a link whose every node is elementwise: J times a vector of ones. */
  private Value slopes(int start, List<Node.Apply> nodes) {
    Map<Integer, Tangent> tangents = new HashMap<>();
    tangents.put(start, Tangent.of(builder.splat(network.node(start).type().shape(), 1)));
    Tangent last = tangents.get(start);
    for (Node.Apply node : nodes) {
      List<Tangent> incoming =
          node.arguments().stream()
              .map(id -> tangents.getOrDefault(id, Tangent.zero(network.node(id).type())))
              .toList();
      last =
          incoming.stream().allMatch(Tangent::isZero)
              ? Tangent.zero(node.type())
              : node.primitive().jvp(site(node), incoming);
      tangents.put(node.id(), last);
    }
    return last.materialise(builder);
  }

  private Site site(Node.Apply node) {
    return new Site(node.arguments().stream().map(values::get).toList(), values.get(node.id()));
  }

  private void multiply(LogDeterminant factor) {
    Shape shape = factor.sign().shape();
    if (shape.rank() == 0) {
      sign = mul(sign, factor.sign());
      log = add(log, factor.log());
    } else {
      vectorSign = mul(vectorSign, reshape(factor.sign(), shape.size()));
      log = add(log, Sum.sum(reshape(factor.log(), shape.size()), 0));
    }
  }

  private Graph graph() {
    Value whole = mul(sign, reshape(product(vectorSign)));
    return builder.build(whole, log, mul(whole, Exp.exp(log)));
  }

  /** The product of the numbers of a vector, by halves. */
  private static Value product(Value x) {
    long n = x.shape().size();
    if (n < 2) {
      return n == 1 ? x : x.builder().splat(Shape.of(1), 1);
    }
    long half = n / 2;
    Value pairs = mul(slice(x, 0, 0, half), slice(x, 0, half, 2 * half));
    return product(n == 2 * half ? pairs : concat(List.of(pairs, slice(x, 0, n - 1, n)), 0));
  }
}
