package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Max.max;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Sqrt;
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
  private GradientNorms() {}

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
                ? (parameter, candidates) -> PairProducts.cheaper(finder, parameter, candidates)
                : TermFinder.Choice.only(method));
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = finder.graph().copyInto(builder);
    List<Value> factors = finder.graph().outputs().stream().map(values::get).toList();
    Value sum = new PairProducts(builder, factors, factors, finder.tables()).sum(terms);
    // The finder's graph begins with a copy of the loss under the same ids.
    Graph graph = builder.build(values.get(loss.outputs().get(0)), sum);
    return Bind.constant(graph, TermFinder.COTANGENT, Literal.splat(types.get(0), 1));
  }
}
