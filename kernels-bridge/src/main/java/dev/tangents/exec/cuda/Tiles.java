package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds the tiles of kernels in a graph: sums of products (A A'^T + shift) o (D D'^T) whose parts
 * nothing else reads. Each becomes one step, and its parts none.
 */
final class Tiles {
  /** Factors of one kernel; its arguments have room for a few more. */
  private static final int FACTORS = 240;

  private final Graph graph;
  private final Arithmetic arithmetic;
  private final int[] roots;
  private final int[] reads;
  private final Map<Integer, Tile> tiles = new HashMap<>();
  private final BitSet absorbed = new BitSet();

  /**
   * A tile and where its factors are.
   *
   * @param sum what is computed
   * @param factors slots: for each term A, A' if it has them, then D, D'
   */
  record Tile(TileSum sum, List<Integer> factors) {}

  /** Finds those of a graph; none where products are strict, which cuBLAS forms best. */
  Tiles(Graph graph, Arithmetic arithmetic) {
    this.graph = graph;
    this.arithmetic = arithmetic;
    int count = graph.nodes().size();
    this.roots = new int[count];
    this.reads = new int[count];
    for (Node node : graph.nodes()) {
      roots[node.id()] = node.id();
      if (node instanceof Node.Apply apply && apply.primitive() instanceof Reshape) {
        roots[node.id()] = roots[apply.arguments().get(0)];
      } else if (node instanceof Node.Apply apply) {
        apply.arguments().forEach(argument -> reads[roots[argument]]++);
      }
    }
    graph.outputs().forEach(output -> reads[roots[output]] += 2);
    if (arithmetic != Arithmetic.STRICT) {
      for (int id = count - 1; id >= 0; id--) {
        if (roots[id] == id && !absorbed.get(id)) {
          find(id);
        }
      }
    }
  }

  /** The tile that a node is, if it is one. */
  Optional<Tile> at(int id) {
    return Optional.ofNullable(tiles.get(id));
  }

  /** Whether a node is part of a tile, and is not formed. */
  boolean isPart(int id) {
    return absorbed.get(id);
  }

  /** What a search has found so far. */
  private static final class Found {
    private final List<TileSum.Term> terms = new ArrayList<>();
    private final List<Integer> factors = new ArrayList<>();
    private final BitSet parts = new BitSet();
    private final long size;
    private double offset;

    /** Extents of the Gram matrices; every one has the same. */
    private int rows;

    private int columns;

    Found(long size) {
      this.size = size;
    }

    /** Whether a Gram matrix has the tile's extents, which the first one found decides. */
    boolean takes(Shape gram) {
      if (rows == 0) {
        rows = (int) gram.dim(-2);
        columns = (int) gram.dim(-1);
      }
      return gram.size() == size
          && gram.dim(-2) == rows
          && gram.dim(-1) == columns
          && size == (long) rows * columns;
    }
  }

  private record Gram(int left, int right, int inner, double shift) {}

  private void find(int id) {
    Found found = new Found(graph.node(id).type().shape().size());
    if (sum(id, found, 1)
        && found.terms.stream().anyMatch(term -> term.left() > 0)
        && found.factors.size() <= FACTORS) {
      found.parts.clear(id);
      absorbed.or(found.parts);
      TileSum sum = new TileSum(found.rows, found.columns, found.offset, found.terms, arithmetic);
      tiles.put(id, new Tile(sum, List.copyOf(found.factors)));
    }
  }

  /** Whether a value is a sum of terms; collects them. */
  private boolean sum(int id, Found found, double scale) {
    if (splat(id).isPresent()) {
      found.offset += scale * splat(id).getAsDouble();
      return true;
    }
    if (!(graph.node(id) instanceof Node.Apply apply) || !fits(apply, found)) {
      return false;
    }
    if (!found.parts.isEmpty() && reads[id] != 1) {
      return false; // someone else reads it: it has to be formed
    }
    found.parts.set(id);
    int x = roots[operand(apply, 0)];
    int y = apply.arguments().size() > 1 ? roots[operand(apply, 1)] : -1;
    if (apply.primitive() instanceof Add) {
      return sum(x, found, scale) && sum(y, found, scale);
    }
    if (apply.primitive() instanceof Mul) {
      return splat(x).isPresent()
          ? sum(y, found, scale * splat(x).getAsDouble())
          : splat(y).isPresent()
              ? sum(x, found, scale * splat(y).getAsDouble())
              : product(x, y, found, scale);
    }
    return gram(id, found).filter(gram -> plain(gram, found, scale)).isPresent();
  }

  private boolean plain(Gram gram, Found found, double scale) {
    found.terms.add(new TileSum.Term(0, gram.inner, 0, scale));
    found.factors.addAll(List.of(gram.left, gram.right));
    return true;
  }

  private boolean product(int x, int y, Found found, double scale) {
    Optional<Gram> a = shifted(x, found);
    Optional<Gram> b = shifted(y, found);
    if (a.isEmpty() || b.isEmpty() || (a.get().shift != 0 && b.get().shift != 0)) {
      return false;
    }
    Gram left = b.get().shift != 0 ? b.get() : a.get();
    Gram right = b.get().shift != 0 ? a.get() : b.get();
    found.terms.add(new TileSum.Term(left.inner, right.inner, left.shift, scale));
    found.factors.addAll(List.of(left.left, left.right, right.left, right.right));
    return true;
  }

  /** A Gram matrix, or one plus a number, that nothing else reads. */
  private Optional<Gram> shifted(int id, Found found) {
    if (!(graph.node(id) instanceof Node.Apply apply) || reads[id] != 1 || !fits(apply, found)) {
      return Optional.empty();
    }
    found.parts.set(id);
    if (!(apply.primitive() instanceof Add)) {
      return gram(id, found);
    }
    int x = roots[operand(apply, 0)];
    int y = roots[operand(apply, 1)];
    OptionalDouble number = splat(x).isPresent() ? splat(x) : splat(y);
    int other = splat(x).isPresent() ? y : x;
    if (number.isEmpty() || reads[other] != 1) {
      return Optional.empty();
    }
    Optional<Gram> gram = gram(other, found);
    found.parts.set(other);
    return gram.map(g -> new Gram(g.left, g.right, g.inner, number.getAsDouble()));
  }

  /** X Y^T of two matrices, both row-major. */
  private Optional<Gram> gram(int id, Found found) {
    if (graph.node(id) instanceof Node.Apply apply
        && apply.primitive() instanceof MatMul matMul
        && !matMul.transposeLeft()
        && matMul.transposeRight()
        && found.takes(apply.type().shape())) {
      int inner = (int) graph.node(operand(apply, 0)).type().shape().dim(-1);
      return inner == 0
          ? Optional.empty()
          : Optional.of(new Gram(roots[operand(apply, 0)], roots[operand(apply, 1)], inner, 0));
    }
    return Optional.empty();
  }

  /** Whether it has the tile's elements; axes of extent 1 do not change their order. */
  private static boolean fits(Node.Apply apply, Found found) {
    return apply.type().shape().size() == found.size;
  }

  private static int operand(Node.Apply apply, int k) {
    return apply.arguments().get(k);
  }

  private OptionalDouble splat(int id) {
    return graph.node(id) instanceof Node.Constant constant && constant.literal().isSplat()
        ? OptionalDouble.of(constant.literal().first())
        : OptionalDouble.empty();
  }
}
