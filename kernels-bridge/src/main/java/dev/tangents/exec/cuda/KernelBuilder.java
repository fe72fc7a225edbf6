package dev.tangents.exec.cuda;

import dev.tangents.exec.cuda.code.Body;
import dev.tangents.exec.cuda.code.Expr;
import dev.tangents.exec.cuda.code.Ints;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.code.Kind;
import dev.tangents.exec.cuda.code.Op;
import dev.tangents.exec.cuda.code.Reals;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the kernel of one node: whatever it reads is loaded where it lies in memory and computed
 * on the spot where it does not.
 */
final class KernelBuilder {
  private final Graph graph;
  private final Fusion fusion;
  private final CudaLowerings lowerings;
  private final Node.Apply node;
  private final Body body = new Body();
  private final List<Integer> slots = new ArrayList<>();
  private final List<Kernel.Buffer> buffers = new ArrayList<>();

  /** What a body has computed already: a node's element at an index. */
  private final Map<Body, Map<Key, Expr>> known = new HashMap<>();

  private long scratch;

  KernelBuilder(Graph graph, Fusion fusion, CudaLowerings lowerings, Node.Apply node) {
    this.graph = graph;
    this.fusion = fusion;
    this.lowerings = lowerings;
    this.node = node;
  }

  private record Key(int node, Expr index) {}

  /**
   * A kernel and what it is launched on.
   *
   * @param slots its buffers: slots of the plan, or one of the two numbers below
   * @param scratch bytes of memory that it needs for itself
   */
  record Built(Kernel kernel, List<Integer> slots, long scratch) {}

  /** Stands for the memory that a kernel needs for itself. */
  static final int SCRATCH = -1;

  /** Stands for the place where kernels report row numbers that are in no table. */
  static final int COMPLAINTS = -2;

  /** The node's kernel. */
  Built build() {
    Primitive primitive = node.primitive();
    Kernel kernel;
    if (fusion.isPull(node)) {
      Expr.Var i = body.counter(node.type().shape().size());
      int result = result();
      body.store(result, i, element(node, i, body));
      kernel = kernel(Kernel.Scale.THREAD, node.type().shape().intSize(), i);
    } else {
      kernel = lowerings.push(primitive).build(primitive, this);
    }
    return new Built(kernel, List.copyOf(slots), scratch);
  }

  /** The body under construction. */
  Body body() {
    return body;
  }

  /** Shape of operand {@code k}. */
  Shape shape(int k) {
    return graph.node(node.arguments().get(k)).type().shape();
  }

  /** Shape of the result. */
  Shape shape() {
    return node.type().shape();
  }

  /** The buffer of the result. */
  int result() {
    return buffer(node.id(), Kind.REAL, true);
  }

  /** A buffer of {@code count} doubles that nobody else uses. */
  int scratch(long count) {
    scratch = count * Double.BYTES;
    return buffer(SCRATCH, Kind.WIDE, true);
  }

  /** Element {@code index} of operand {@code k}. */
  Expr operand(int k, Expr index, Body inner) {
    return value(node.arguments().get(k), index, inner);
  }

  /** The operands as a formula reads them. */
  Pull.Reader reader(Body inner) {
    return new NodeReader(node, inner);
  }

  /** The finished kernel. */
  Kernel kernel(Kernel.Scale scale, int instances, Expr.Var instance) {
    return new Kernel(scale, instances, instance, buffers, body.statements());
  }

  private int buffer(int slot, Kind kind, boolean written) {
    int at = slots.indexOf(slot);
    if (at < 0) {
      slots.add(slot);
      buffers.add(new Kernel.Buffer(kind, written));
      return slots.size() - 1;
    }
    return at;
  }

  private Expr value(int id, Expr index, Body inner) {
    int root = fusion.root(id);
    Node source = graph.node(root);
    if (source instanceof Node.Constant constant && constant.literal().isSplat()) {
      return Reals.real(constant.literal().first());
    }
    Map<Key, Expr> values = known.computeIfAbsent(inner, any -> new HashMap<>());
    Key key = new Key(root, index);
    Expr found = values.get(key);
    if (found == null) {
      found =
          inner.let(
              source instanceof Node.Apply apply && !fusion.isMaterial(root)
                  ? element(apply, index, inner)
                  : new Expr.Load(Kind.REAL, buffer(root, Kind.REAL, false), index));
      values.put(key, found);
    }
    return found;
  }

  private Expr element(Node.Apply apply, Expr index, Body inner) {
    if (fusion.isOuterProduct(apply)) {
      return outer(apply, index, inner);
    }
    Primitive primitive = apply.primitive();
    return lowerings.pull(primitive).at(primitive, new NodeReader(apply, inner), index);
  }

  /** a_i b_j: a product whose inner extent is 1, whichever operand is stored transposed. */
  private Expr outer(Node.Apply apply, Expr index, Body inner) {
    long rows = apply.type().shape().dim(-2);
    long columns = apply.type().shape().dim(-1);
    Expr row = Ints.quotient(index, columns); // of the whole stack
    Expr matrix = Ints.quotient(index, rows * columns);
    Expr column = Ints.add(Ints.mul(matrix, columns), Ints.remainder(index, columns));
    return Reals.apply(
        Op.MUL,
        value(apply.arguments().get(0), row, inner),
        value(apply.arguments().get(1), column, inner));
  }

  private final class NodeReader implements Pull.Reader {
    private final Node.Apply apply;
    private final Body inner;

    NodeReader(Node.Apply apply, Body inner) {
      this.apply = apply;
      this.inner = inner;
    }

    @Override
    public Expr operand(int k, Expr index) {
      return value(apply.arguments().get(k), index, inner);
    }

    @Override
    public Expr operand(int k, Expr index, Body deeper) {
      return value(apply.arguments().get(k), index, deeper);
    }

    @Override
    public Shape shape(int k) {
      return graph.node(apply.arguments().get(k)).type().shape();
    }

    @Override
    public Shape shape() {
      return apply.type().shape();
    }

    @Override
    public Body body() {
      return inner;
    }

    @Override
    public int complaints() {
      return buffer(COMPLAINTS, Kind.REAL, true);
    }
  }
}
