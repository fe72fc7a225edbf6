package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes what depends on constants alone while the file is read: shapes, indices, masks. The rule
 * of a node builds its values in a graph of its own, and the reference kernels compute them.
 */
final class KnownValues {
  /** 2^24: more is no shape arithmetic, and a hostile file would ask for any amount. */
  static final long MOST_ELEMENTS = 1L << 24;

  /** 2^26, of all constants of a file together. */
  private static final long MOST_IN_ALL = 1L << 26;

  private final ReferenceFolder folder = new ReferenceFolder();
  private long computed;

  /** The literal behind each value of a builder that holds nothing but constants. */
  List<Literal> of(List<Value> values) {
    GraphBuilder builder = values.get(0).builder();
    Graph graph = builder.build(values);
    List<Literal> literals = new ArrayList<>();
    for (Node node : graph.nodes()) {
      literals.add(node instanceof Node.Apply apply ? fold(apply, literals) : constant(node));
    }
    List<Literal> results = values.stream().map(value -> literals.get(value.id())).toList();
    for (Literal literal : results) {
      computed += literal.isSplat() ? 1 : literal.type().shape().size();
    }
    if (computed > MOST_IN_ALL) {
      throw TangentsException.model(
          "the constants computed from shapes have more than 2^26 elements in all");
    }
    return results;
  }

  private Literal fold(Node.Apply apply, List<Literal> before) {
    requireSmall(apply.type().shape());
    apply.arguments().forEach(id -> requireSmall(before.get(id).type().shape()));
    return folder.fold(
        apply.primitive(), apply.arguments().stream().map(before::get).toList(), apply.type());
  }

  private static Literal constant(Node node) {
    return ((Node.Constant) node).literal();
  }

  private static void requireSmall(Shape shape) {
    if (shape.size() > MOST_ELEMENTS) {
      throw TangentsException.model("a constant of shape %s has more than 2^24 elements", shape);
    }
  }
}
