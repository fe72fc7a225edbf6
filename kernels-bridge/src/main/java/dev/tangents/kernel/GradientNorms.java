package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Max.max;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.kernel.KernelTerm.Use;
import dev.tangents.op.elementwise.Sqrt;
import dev.tangents.op.reduce.Sum;
import dev.tangents.transform.Bind;
import java.util.List;

/**
 * Norms of loss gradients without the gradients: |dL/dtheta|^2 is the kernel of the loss with
 * itself, K(x, x), so a matrix costs sum_{t,t'} &lt;x_t, x_t'&gt; &lt;d_t, d_t'&gt; from its
 * factors (Goodfellow 2015; Li et al. 2022, "ghost norm") where forming its gradient would cost r s
 * numbers. A reparametrised weight takes its gradient, as in the kernel.
 *
 * <p>Each takes the graph of one sample's loss, [], and returns one of the same inputs, for one
 * sample too; {@code Batch} makes it one of N. The results are the loss, [], and the norm, [].
 */
public final class GradientNorms {
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> values;
  private final List<Value> factors;
  private final List<Long> tables;

  private GradientNorms(Graph single, List<Long> tables) {
    this.tables = tables;
    this.values = single.copyInto(builder);
    this.factors = single.outputs().stream().map(values::get).toList();
  }

  /**
   * The loss and the norm of its gradient by all named parameters together.
   *
   * @throws TangentsException if the result is not one real scalar, or a parameter is unknown
   */
  public static Graph of(Graph loss, List<String> parameters) {
    Graph squared = squared(loss, parameters, Method.AUTO);
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = squared.copyInto(builder);
    Value square = values.get(squared.outputs().get(1));
    // Uses that cancel leave a sum of rounding errors, which may be below 0.
    Value norm = Sqrt.sqrt(max(square, builder.splat(square.shape(), 0)));
    return builder.build(values.get(squared.outputs().get(0)), norm);
  }

  /**
   * The loss and the square of that norm.
   *
   * @param method how each parameter's share is formed
   * @throws TangentsException as {@link #of}
   */
  public static Graph squared(Graph loss, List<String> parameters, Method method) {
    List<TensorType> types = loss.outputTypes();
    if (!types.equals(List.of(TensorType.real(Shape.scalar())))) {
      throw TangentsException.model(
          "Gradient norms: expected one real scalar result, got %s", types);
    }
    parameters.forEach(loss::parameter);
    TermFinder finder = new TermFinder(loss);
    List<KernelTerm> terms =
        finder.terms(
            parameters,
            method == Method.AUTO
                ? (parameter, candidates) -> cheaper(finder, parameter, candidates)
                : TermFinder.Choice.only(method));
    GradientNorms norms = new GradientNorms(finder.graph(), finder.tables());
    Value sum = norms.builder.splat(Shape.scalar(), 0);
    for (KernelTerm term : terms) {
      sum = add(sum, norms.square(term));
    }
    // The finder's graph begins with a copy of the loss under the same ids.
    Graph graph = norms.builder.build(norms.values.get(loss.outputs().get(0)), sum);
    return Bind.constant(graph, TermFinder.COTANGENT, Literal.splat(types.get(0), 1));
  }

  /**
   * By multiplications: T^2 (r + s) from the factors against T r s to form the gradient and r s to
   * square it; an embedding's row numbers are compared, not multiplied.
   */
  private static KernelTerm cheaper(
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

  /**
   * The square of one parameter's gradient: all pairs of its uses, those off the diagonal twice.
   */
  private Value square(KernelTerm term) {
    Value sum = builder.splat(Shape.scalar(), 0);
    for (int i = 0; i < term.uses().size(); i++) {
      for (int j = 0; j <= i; j++) {
        sum = add(sum, scale(pair(term.uses().get(i), term.uses().get(j)), i == j ? 1 : 2));
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
        factors.get(row), tables.get(row) > 0, factors.get(column), tables.get(column) > 0);
  }
}
