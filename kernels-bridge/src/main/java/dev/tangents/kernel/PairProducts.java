package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.kernel.KernelTerm.Use;
import dev.tangents.op.reduce.Sum;
import java.util.List;

/**
 * Inner products of gradients of one sample with those of another, or with themselves, from their
 * factors: a matrix costs sum_{t,t'} &lt;x_t, x'_t'&gt; &lt;d_t, d'_t'&gt; where forming its
 * gradient would cost r s numbers.
 */
final class PairProducts {
  private final GraphBuilder builder;
  private final List<Value> rows;
  private final List<Value> columns;
  private final List<Long> tables;

  /**
   * Products in a graph that is being built.
   *
   * @param rows factors of one sample, as {@link TermFinder} numbers them
   * @param columns those of the other; the same list for a sample with itself
   * @param tables for a factor of row numbers the rows that there are, else 0
   */
  PairProducts(GraphBuilder builder, List<Value> rows, List<Value> columns, List<Long> tables) {
    this.builder = builder;
    this.rows = rows;
    this.columns = columns;
    this.tables = tables;
  }

  /**
   * The way in which a parameter's product takes fewer multiplications: T^2 (r + s) from the
   * factors against T r s to form a gradient and r s for the product; an embedding's row numbers
   * are compared, not multiplied.
   */
  static KernelTerm cheaper(
      TermFinder finder, Node.Parameter parameter, List<KernelTerm> candidates) {
    KernelTerm factored = candidates.get(candidates.size() - 1);
    Graph graph = finder.graph();
    double byFactors = 0;
    double byGradient = parameter.type().shape().size();
    for (Use a : factored.uses()) {
      Shape shape = shape(graph, a.right());
      double left = a.left().isPresent() ? shape(graph, a.left().getAsInt()).dim(1) : 0;
      byGradient += shape.size() * left;
      for (Use b : factored.uses()) {
        byFactors += shape.dim(0) * shape(graph, b.right()).dim(0) * (left + shape.dim(1));
      }
    }
    return byFactors <= byGradient ? factored : candidates.get(0);
  }

  private static Shape shape(Graph graph, int factor) {
    return graph.node(graph.outputs().get(factor)).type().shape();
  }

  /** The sum of the products of all terms, []. */
  Value sum(List<KernelTerm> terms) {
    Value sum = builder.splat(Shape.scalar(), 0);
    for (KernelTerm term : terms) {
      sum = add(sum, product(term.uses()));
    }
    return sum;
  }

  /**
   * The sum over all pairs of uses; for a sample with itself one of two equal ones, taken twice.
   */
  private Value product(List<Use> uses) {
    boolean self = rows == columns;
    Value sum = builder.splat(Shape.scalar(), 0);
    for (int i = 0; i < uses.size(); i++) {
      for (int j = 0; j < (self ? i + 1 : uses.size()); j++) {
        sum = add(sum, scale(pair(uses.get(i), uses.get(j)), self && i != j ? 2 : 1));
      }
    }
    return sum;
  }

  private Value pair(Use row, Use column) {
    if (row.left().isEmpty()) {
      return scale(Sum.sum(gram(row.right(), column.right()), 0, 1), row.scale() * column.scale());
    }
    Use aligned = column;
    if (!row.view().sameElements(column.view())) {
      if (!row.view().sameElements(column.view().transposed())) {
        return builder.splat(Shape.scalar(), 0); // disjoint slices: TermFinder admits nothing else
      }
      aligned = column.transposed();
    }
    Value left = gram(row.left().getAsInt(), aligned.left().getAsInt());
    return Sum.sum(mul(left, gram(row.right(), aligned.right())), 0, 1);
  }

  /** Inner products over all pairs of positions, [T, T']. */
  private Value gram(int row, int column) {
    return Gram.products(
        rows.get(row), tables.get(row) > 0, columns.get(column), tables.get(column) > 0);
  }
}
