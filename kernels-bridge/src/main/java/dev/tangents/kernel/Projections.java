package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.shape.Concat.concat;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.kernel.KernelTerm.Use;
import dev.tangents.kernel.Signs.Side;
import dev.tangents.op.index.Gather;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Johnson-Lindenstrauss features of parameter gradients: k numbers phi for a gradient g of P, such
 * that &lt;phi, phi'&gt; estimates &lt;g, g'&gt;. With signs r_j, s_j, z_j = 1 or -1, independent
 * and equally likely, feature j is
 *
 * <pre>
 *   phi_j = 1/sqrt(k) sum over parameters of
 *     a matrix G (any parameter of two or more axes, the first against the rest)   r_j^T G s_j
 *     a vector or scalar g                                                        &lt;z_j, g&gt;
 * </pre>
 *
 * <p>A layer's G = sum_t a_t (x) delta_t is not formed: r_j^T G s_j = sum_t (r_j . a_t)(s_j .
 * delta_t), two matrix products [T, c] x [c, k] and a sum over positions of their Hadamard product
 * (tensor random projection, Sun et al. 2018; a Khatri-Rao product of two sign matrices). Where G
 * is small enough for that to be the dearer way, and where the parameter meets the sample otherwise
 * than in a product, G is formed; phi is the same up to rounding. Vectors and small G are laid end
 * to end and meet their signs, r_j (x) s_j for a matrix, in one product.
 *
 * <p>Unbiased: E&lt;phi, phi'&gt; = &lt;g, g'&gt;, since terms of different parameters are
 * independent and have mean 0. The variance is V/k with
 *
 * <pre>
 *   V = sum_p M_p + sum_{p != q} (|g_p|^2 |g'_q|^2 + 2 &lt;g_p, g'_p&gt; &lt;g_q, g'_q&gt;) - &lt;g, g'&gt;^2
 *   M(u, v) = |u|^2 |v|^2 + 2 &lt;u, v&gt;^2 - 2 sum_i u_i^2 v_i^2   = E (z . u)^2 (z . v)^2
 *   M_p = M(g_p, g'_p) for a vector; M(a, a') M(delta, delta') for a matrix with T = 1;
 *         at most 9 |g_p|^2 |g'_p|^2 for any matrix
 * </pre>
 *
 * <p>Signs independent for each element of a matrix [r, s] would have M_p &lt;= 3 |g_p|^2 |g'_p|^2,
 * and there would be k r s of them in place of k (r + s).
 */
public final class Projections {
  /** Name of the input that {@link #of} adds for the output cotangent, [O]. */
  public static final String COTANGENT = TermFinder.COTANGENT;

  /**
   * What writing or reading a number of a pass costs, in operations of a matrix product; measured
   * 10 to 30.
   */
  private static final double PASS = 10;

  /** Most signs that are formed for the elements of one matrix: 32 MiB while they are. */
  private static final long MOST_SIGNS = 1L << 22;

  private final int k;
  private final Signs signs;
  private final GraphBuilder builder = new GraphBuilder();
  private final Graph source;
  private final List<Value> values;
  private final List<Long> tables;
  private final List<Value> flat = new ArrayList<>();
  private final List<double[]> flatSigns = new ArrayList<>();

  private Projections(Graph source, List<Long> tables, int k, Signs signs) {
    this.source = source;
    this.tables = tables;
    this.k = k;
    this.signs = signs;
    this.values = source.copyInto(builder);
  }

  /**
   * The features of w^T df/dtheta for one sample and one output cotangent w: the network's inputs,
   * then {@link #COTANGENT}, [O]; the result is [k]. {@code Batch} over the cotangent, then over
   * the samples, gives [N, O, k]; what does not depend on the cotangent, as the projections of the
   * a_t, is then computed once for all outputs.
   *
   * <p>The signs are a function of the seed, of the parameter's index among all of the network's
   * and of the place in it ({@link Philox}), so selecting parameters selects terms of the same sum.
   * They are constants of the graph: k (r + s) numbers for a matrix [r, s].
   *
   * @param parameters names of those whose gradient is projected
   * @param k number of features, at least 1
   * @throws TangentsException if the network has not one real result, a parameter is unknown, k is
   *     below 1, or the signs of a parameter do not fit one array
   */
  public static Graph of(Graph network, List<String> parameters, int k, long seed) {
    return of(network, parameters, k, Signs.rademacher(seed), Method.AUTO);
  }

  /**
   * The features of {@link #of(Graph, List, int, long)} with signs of another source, by a given
   * method.
   */
  static Graph of(Graph network, List<String> parameters, int k, Signs signs, Method method) {
    if (k < 1) {
      throw TangentsException.user("Projection: expected at least 1 feature, got %d", k);
    }
    parameters.forEach(network::parameter);
    Graph flat = Networks.flat(network);
    TermFinder finder = new TermFinder(flat);
    List<KernelTerm> terms = finder.terms(parameters, TermFinder.Choice.only(Method.INPUTS_FIRST));
    int[] gradients = terms.stream().mapToInt(t -> finder.gradient(t.parameter())).toArray();
    Projections projections = new Projections(finder.graph(), finder.tables(), k, signs);
    Value sum = projections.builder.splat(Shape.of(k), 0);
    for (int i = 0; i < gradients.length; i++) {
      Node.Parameter parameter = flat.parameter(terms.get(i).parameter());
      if (!terms.get(i).uses().isEmpty() && parameter.type().shape().size() > 0) {
        int index = flat.parameters().indexOf(parameter);
        sum = add(sum, projections.term(terms.get(i), index, gradients[i], method));
      }
    }
    sum = add(sum, projections.end());
    return projections.builder.build(scale(sum, 1 / Math.sqrt(k)));
  }

  /** The term's features, or 0 if they will be in {@link #end}. */
  private Value term(KernelTerm term, int index, int gradient, Method method) {
    Node.Parameter parameter = source.parameter(term.parameter());
    Shape shape = parameter.type().shape();
    Value value = values.get(gradient);
    if (shape.rank() < 2) {
      return atEnd(value, signs(parameter, index, Side.ELEMENT, shape.size(), i -> i));
    }
    long rows = shape.dim(0);
    long columns = shape.size() / rows;
    Optional<List<Value>> parts =
        method == Method.GRADIENT_FIRST
            ? Optional.empty()
            : factored(term, parameter, index, columns);
    if (parts.isEmpty() || (method == Method.AUTO && !cheaper(term, shape))) {
      return isSmall(shape)
          ? atEnd(value, outerSigns(parameter, index, rows, columns))
          : matrix(parameter, index, value, columns);
    }
    return parts.get().stream().reduce((a, b) -> add(a, b)).orElseThrow();
  }

  private boolean isSmall(Shape shape) {
    return shape.size() <= MOST_SIGNS / k;
  }

  /** r_j (x) s_j for every element of a matrix [rows, columns]. */
  private double[] outerSigns(Node.Parameter parameter, int index, long rows, long columns) {
    double[] left = signs(parameter, index, Side.ROW, rows, i -> i);
    double[] right = signs(parameter, index, Side.COLUMN, columns, i -> i);
    double[] outer = new double[left.length * (int) columns];
    for (int i = 0; i < outer.length; i++) {
      int element = i / k;
      outer[i] =
          left[element / (int) columns * k + i % k] * right[element % (int) columns * k + i % k];
    }
    return outer;
  }

  private Value atEnd(Value gradient, double[] itsSigns) {
    flat.add(reshape(gradient, 1, gradient.shape().size()));
    flatSigns.add(itsSigns);
    return builder.splat(Shape.of(k), 0);
  }

  /** &lt;z_j, g&gt; of all that was laid end to end: one product [1, P] x [P, k]. */
  private Value end() {
    if (flat.isEmpty()) {
      return builder.splat(Shape.of(k), 0);
    }
    long count = flatSigns.stream().mapToLong(part -> part.length).sum();
    Value sum = builder.splat(Shape.of(k), 0);
    if (count > Integer.MAX_VALUE) {
      for (int i = 0; i < flat.size(); i++) {
        sum = add(sum, product(flat.get(i), flatSigns.get(i)));
      }
      return sum;
    }
    double[] joined = new double[(int) count];
    int at = 0;
    for (double[] part : flatSigns) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return product(concat(flat, 1), joined);
  }

  private Value product(Value gradient, double[] itsSigns) {
    TensorType type = TensorType.real(itsSigns.length / k, k);
    return reshape(matMul(gradient, builder.constant(Literal.of(type, itsSigns))), k);
  }

  /** r_j^T G s_j: one product [r, s] x [s, k], then a sum over rows. */
  private Value matrix(Node.Parameter parameter, int index, Value gradient, long columns) {
    long rows = gradient.shape().dim(0);
    Value right = constant(parameter, index, Side.COLUMN, columns, i -> i);
    Value left = constant(parameter, index, Side.ROW, rows, i -> i);
    return Sum.sum(mul(matMul(reshape(gradient, rows, columns), right), left), 0);
  }

  /**
   * The projection r_j^T G s_j from the factors of each use; empty if a use mixes rows and columns.
   */
  private Optional<List<Value>> factored(
      KernelTerm term, Node.Parameter parameter, int index, long columns) {
    List<Value> parts = new ArrayList<>();
    for (Use use : term.uses()) {
      if (use.left().isEmpty()) {
        return Optional.empty();
      }
      Use upright = use.view().splits(columns) ? use : use.transposed();
      ParameterView view = upright.view();
      if (!view.splits(columns)) {
        return Optional.empty();
      }
      int left = upright.left().getAsInt();
      int right = upright.right();
      LongUnaryOperator row = i -> (view.offset() + i * view.strides().dim(0)) / columns;
      LongUnaryOperator column = i -> view.offset() % columns + i * view.strides().dim(1);
      Value r = constant(parameter, index, Side.ROW, width(left), row);
      Value s = constant(parameter, index, Side.COLUMN, width(right), column);
      parts.add(Sum.sum(mul(projected(left, r), projected(right, s)), 0));
    }
    return Optional.of(parts);
  }

  /** [T, k]: a factor times signs; row numbers pick theirs. */
  private Value projected(int factor, Value itsSigns) {
    Value value = factor(factor);
    return tables.get(factor) > 0
        ? Gather.gather(itsSigns, reshape(value, value.shape().dim(0)))
        : matMul(value, itsSigns);
  }

  private long width(int factor) {
    return tables.get(factor) > 0 ? tables.get(factor) : factor(factor).shape().dim(1);
  }

  private Value factor(int number) {
    return values.get(source.outputs().get(number));
  }

  /**
   * Whether the factors are the cheaper way. By factors: T (r + s) k multiplications and four
   * passes over T k numbers, two products, theirs and a sum. By the gradient: T r s for it, r s k
   * for its features, and three passes over r k numbers where they have a product of their own.
   */
  private boolean cheaper(KernelTerm term, Shape shape) {
    double byFactors = 0;
    double byGradient = 2.0 * shape.size() * k + (isSmall(shape) ? 0 : 3 * PASS * shape.dim(0) * k);
    for (Use use : term.uses()) {
      Shape left = factor(use.left().orElseThrow()).shape();
      double positions = left.dim(0);
      double width = left.dim(1);
      double other = factor(use.right()).shape().dim(1);
      byFactors += 2 * positions * (width + other) * k + 4 * PASS * positions * k;
      byGradient += 2 * positions * width * other;
    }
    return byFactors <= byGradient;
  }

  /** Signs [count, k] of the rows or columns that {@code place} names. */
  private Value constant(
      Node.Parameter parameter, int index, Side side, long count, LongUnaryOperator place) {
    double[] numbers = signs(parameter, index, side, count, place);
    return builder.constant(Literal.of(TensorType.real(count, k), numbers));
  }

  private double[] signs(
      Node.Parameter parameter, int index, Side side, long count, LongUnaryOperator place) {
    if (count > Integer.MAX_VALUE / k) {
      throw TangentsException.resource(
          "Projection: parameter '%s' %s needs %d x %d signs, more than one array holds. Ask for fewer"
              + " features, or leave the parameter out",
          parameter.name(), parameter.type().shape(), count, k);
    }
    double[] numbers = new double[(int) count * k];
    for (int i = 0; i < count; i++) {
      System.arraycopy(signs.of(index, side, place.applyAsLong(i), k), 0, numbers, i * k, k);
    }
    return numbers;
  }
}
