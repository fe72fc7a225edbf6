package dev.tangents.exec.cuda;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.op.index.ScatterAdd;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.linalg.OfSquare;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.shape.Reshape;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which values of a graph are formed in memory, and which are computed where they are read. Formed
 * are results, what has no short formula (products, folds), and what would be computed too often:
 * formulas of some length that several kernels read or that a kernel reads several times.
 */
final class Fusion {
  /** A formula up to here is computed again rather than stored and loaded. */
  private static final int CHEAP = 2;

  /** Operations of a kernel; functions such as exp count for several. */
  private static final int LONGEST = 64;

  /**
   * Loads, of tensors as large as the result, that a kernel has: each needs its tensor alive. The
   * tile of a network of four layers is added up in one.
   */
  private static final int LOADS = 8;

  private final Graph graph;
  private final CudaLowerings lowerings;
  private final int[] roots;
  private final BitSet material = new BitSet();
  private final List<Set<Integer>> readers;
  private final int[] costs;
  private final Tiles tiles;

  /** Materials that a formula loads, for those values that are computed where they are read. */
  private final List<Set<Integer>> loads;

  /** Decides for a graph, of which {@code varying} depends on inputs. */
  Fusion(Graph graph, CudaLowerings lowerings, Tiles tiles, BitSet varying) {
    this.tiles = tiles;
    this.graph = graph;
    this.lowerings = lowerings;
    int count = graph.nodes().size();
    this.roots = new int[count];
    this.costs = new int[count];
    this.readers = sets(count);
    this.loads = sets(count);
    BitSet formed = read();
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply && roots[node.id()] == node.id()) {
        weigh(apply);
        boolean once = isPull(apply) && !formed.get(node.id()) && tiles.at(node.id()).isEmpty();
        boolean inside = tiles.isPart(node.id()) || (once && inlined(apply, varying));
        material.set(node.id(), !inside);
      }
      if (isMaterial(node.id())) {
        costs[node.id()] = 0;
        loads.get(node.id()).clear();
        loads.get(node.id()).add(node.id());
      }
    }
  }

  private static List<Set<Integer>> sets(int count) {
    return Stream.generate(() -> (Set<Integer>) new HashSet<Integer>()).limit(count).toList();
  }

  /** Finds who reads what; the values that someone needs in memory. */
  private BitSet read() {
    BitSet formed = new BitSet();
    for (Node node : graph.nodes()) {
      int id = node.id();
      roots[id] = id;
      if (node instanceof Node.Apply apply) {
        if (apply.primitive() instanceof Reshape) {
          roots[id] = roots[apply.arguments().get(0)];
          continue;
        }
        for (int k = 0; k < apply.arguments().size(); k++) {
          int root = roots[apply.arguments().get(k)];
          readers.get(root).add(id);
          if (needsMemory(apply, k)) {
            formed.set(root);
          }
        }
      }
    }
    graph.outputs().forEach(output -> formed.set(roots[output]));
    return formed;
  }

  private boolean needsMemory(Node.Apply reader, int k) {
    Primitive primitive = reader.primitive();
    boolean again =
        primitive instanceof LogSumExp
            || primitive instanceof FirstMax
            || (primitive instanceof ScatterAdd && k == 1);
    return !isPull(reader)
        && (again || primitive instanceof MatMul || primitive instanceof OfSquare);
  }

  private void weigh(Node.Apply apply) {
    int id = apply.id();
    costs[id] = apply.primitive().elementwise() ? lowerings.weight(apply.primitive()) : 1;
    for (int argument : apply.arguments()) {
      costs[id] += costs[roots[argument]];
      loads.get(id).addAll(loads.get(roots[argument]));
    }
  }

  private boolean inlined(Node.Apply apply, BitSet varying) {
    int id = apply.id();
    long size = apply.type().shape().size();
    long large = loads.get(id).stream().filter(load -> size(load) >= size).count();
    if (costs[id] > LONGEST || large > LOADS || size > Integer.MAX_VALUE) {
      return false;
    }
    boolean cheap = costs[id] <= CHEAP;
    boolean often =
        readers.get(id).size() > 1
            || readers.get(id).stream()
                .anyMatch(
                    reader -> size(reader) > size || (!varying.get(id) && varying.get(reader)));
    return cheap || !often;
  }

  private long size(int id) {
    return graph.node(id).type().shape().size();
  }

  /** The node whose elements a node has in their order: itself, or behind reshapes another. */
  int root(int id) {
    return roots[id];
  }

  /** Whether a root is in memory while it is needed. */
  boolean isMaterial(int root) {
    return !(graph.node(root) instanceof Node.Apply) || material.get(root);
  }

  /** Whether a node can be computed where it is read. */
  boolean isPull(Node.Apply apply) {
    return !tiles.isPart(apply.id())
        && (lowerings.isPull(apply.primitive()) || isOuterProduct(apply));
  }

  /** Whether a node is a matrix product that adds nothing up. */
  boolean isOuterProduct(Node.Apply apply) {
    if (!(apply.primitive() instanceof MatMul matMul)) {
      return false;
    }
    Shape left = graph.node(apply.arguments().get(0)).type().shape();
    return left.dim(matMul.transposeLeft() ? -2 : -1) == 1;
  }

  /** The tiles of the graph. */
  Tiles tiles() {
    return tiles;
  }

  /** The nodes that have a step of their own, in order; empty results have none. */
  List<Node.Apply> steps() {
    return graph.nodes().stream()
        .filter(node -> node instanceof Node.Apply && roots[node.id()] == node.id())
        .filter(node -> material.get(node.id()) && node.type().shape().size() > 0)
        .map(Node.Apply.class::cast)
        .toList();
  }
}
