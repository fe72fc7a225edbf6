package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Value;
import dev.tangents.op.linalg.Det;
import dev.tangents.op.linalg.DetSign;
import dev.tangents.op.linalg.LogAbsDet;
import java.util.List;
import java.util.Optional;

/**
 * Determinants of the square Jacobian J = df/dx of one sample as graphs, by LU or, for a network of
 * square layers, as a product. The graph has the inputs of the given one.
 *
 * <p>A singular J has sign 0, log |det J| = - infinity and det J = 0. The derivative of det J is
 * finite there (cofactors); those of log |det J|, and second ones of det J, are NaN.
 */
public final class Determinants {
  private Determinants() {}

  /**
   * The sign of det J (1, -1 or 0), ln |det J| and det J, each []. The logarithm holds where the
   * determinant itself leaves the range of a number.
   *
   * @param input the name x of an input or parameter with as many elements as the result has
   * @throws TangentsException if J is not square, or the name is unknown or not real
   */
  public static Graph of(Graph network, String input) {
    GraphBuilder builder = new GraphBuilder();
    Value j = jacobian(builder, network, input);
    return builder.build(DetSign.detSign(j), LogAbsDet.logAbsDet(j), Det.det(j));
  }

  /**
   * The results of {@link #of} by the product formula, where the network is a chain of square maps:
   *
   * <pre>  ln |det J| = sum_l ln |det W_l| + sum_l sum_i ln |s'(z_l,i)|     sign alike, a product
   * </pre>
   *
   * <p>with W_l a matrix that multiplies and s whatever takes each element by itself. No Jacobian
   * is formed; what depends on weights alone, each ln |det W_l|, is computed once when the graph is
   * prepared. Saturated tanh and sigmoid layers keep their logarithm where s' rounds to 0.
   *
   * @param input as in {@link #of}
   * @return empty if the network is not such a chain: a layer that is not square, a residual around
   *     one, a softmax
   * @throws TangentsException if the network has not one result, or the name is unknown or not real
   */
  public static Optional<Graph> product(Graph network, String input) {
    requireOneOutput(network);
    return SquareChain.determinant(network, Basis.leaf(network, input).id());
  }

  /**
   * The loss (det J - 1)^2, []: how far the network is from preserving volume and orientation.
   *
   * @throws TangentsException as {@link #of}
   */
  public static Graph loss(Graph network, String input) {
    GraphBuilder builder = new GraphBuilder();
    Value error = shift(Det.det(jacobian(builder, network, input)), -1);
    return builder.build(mul(error, error));
  }

  private static Value jacobian(GraphBuilder builder, Graph network, String input) {
    requireOneOutput(network);
    Graph jacobian = Jacobians.of(network, List.of(input));
    long rows = network.outputTypes().get(0).shape().size();
    long size = jacobian.outputTypes().get(0).shape().size();
    if (size != rows * rows) {
      throw TangentsException.user(
          "Determinant: expected a square Jacobian, got %d outputs of %d numbers in '%s'. %s",
          rows,
          rows == 0 ? 0 : size / rows,
          input,
          size < rows * rows
              ? "Select as many outputs as there are inputs"
              : "A network with fewer outputs than inputs has none");
    }
    Value value = jacobian.copyInto(builder).get(jacobian.outputs().get(0));
    return reshape(value, rows, rows);
  }

  private static void requireOneOutput(Graph network) {
    if (network.outputs().size() != 1) {
      throw TangentsException.model(
          "Determinant: expected a network of one output, got %s", network.outputTypes());
    }
  }
}
