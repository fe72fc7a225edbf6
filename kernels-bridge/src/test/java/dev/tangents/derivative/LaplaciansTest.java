package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Exp.exp;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sin.sin;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.reduce.Sum.sum;
import static dev.tangents.op.shape.Broadcast.broadcast;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.testkit.Everywhere.assertResults;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.nn.Activations;
import dev.tangents.op.nn.Softmax;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Everywhere;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forward Laplacian against the trace of the Hessian, and second derivatives of a PINN. */
class LaplaciansTest {
  private static final double CLOSE = 1e-12;

  private static Value layer(Value x, int index, int width) {
    GraphBuilder b = x.builder();
    Value row = reshape(x, 1, x.shape().size());
    Value w = b.parameter("W" + index, TensorType.real(row.shape().dim(1), width));
    Value bias = b.parameter("b" + index, TensorType.real(width));
    return reshape(
        add(matMul(row, w), broadcast(bias, row.shape().with(1, width), List.of(1))), width);
  }

  private static Graph mlp(UnaryOperator<Value> activation, int... widths) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(widths[0]));
    for (int l = 1; l < widths.length; l++) {
      x = layer(x, l, widths[l]);
      x = l < widths.length - 1 ? activation.apply(x) : x;
    }
    return builder.build(x);
  }

  private static Graph of(UnaryOperator<Value> function) {
    GraphBuilder builder = new GraphBuilder();
    return builder.build(function.apply(builder.input("x", TensorType.real(4))));
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        arguments("tanh, one output", mlp(Tanh::tanh, 4, 6, 6, 1)),
        arguments("tanh, ten outputs", mlp(Tanh::tanh, 4, 6, 6, 10)),
        arguments("softplus, one output", mlp(Softplus::softplus, 4, 6, 6, 1)),
        arguments("softplus, ten outputs", mlp(Softplus::softplus, 4, 6, 6, 10)),
        arguments("gelu, one output", mlp(Activations::gelu, 4, 6, 6, 1)),
        arguments("gelu, ten outputs", mlp(Activations::gelu, 4, 6, 6, 10)),
        arguments("one input", mlp(Tanh::tanh, 1, 6, 3)),
        arguments("softmax", of(x -> Softmax.softmax(layer(x, 1, 3), 0))),
        arguments("x itself twice", of(x -> mul(x, x))),
        arguments("product", of(x -> mul(sin(x), exp(x)))),
        arguments("quotient", of(x -> div(sin(x), exp(x)))),
        arguments("quadratic form", of(x -> matMulTransposed(column(x), column(mul(x, x))))),
        arguments("rank 0", of(x -> sum(mul(sin(x), x), 0))),
        arguments("larger of two", of(x -> Max.max(mul(x, x), sin(x)))));
  }

  private static Value column(Value x) {
    return reshape(x, x.shape().size(), 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void laplacianIsTheTraceOfTheHessian(String name, Graph network) {
    Graph laplacian = Laplacians.of(network, "x");
    assertEquals(network.outputTypes(), laplacian.outputTypes());
    Random random = new Random(61);
    Weights weights = weights(network, random);
    int n = 3;
    int d = network.input("x").type().shape().intSize();
    List<double[]> x = List.of(Vectors.normal(random, (long) n * d));
    Graph hessian = Hessians.forwardOverReverse(network, List.of("x"));
    double[] full = Runs.reference(Batch.of(hessian, Set.of("x"), n), weights, x).get(0);
    double[] trace = new double[full.length / (d * d)];
    for (int i = 0; i < trace.length; i++) {
      for (int k = 0; k < d; k++) {
        trace[i] += full[(i * d + k) * d + k];
      }
    }
    assertTrue(Vectors.largest(trace) > 1e-3, name);
    assertResults(List.of(trace), Batch.of(laplacian, Set.of("x"), n), weights, x, CLOSE);
  }

  /** Zero almost everywhere, and said so: the shape is kept and nothing is computed. */
  @Test
  void laplacianOfAReluNetworkIsAConstantZero() {
    Graph laplacian = Runs.simplified(Laplacians.of(mlp(Relu::relu, 4, 6, 3), "x"));
    assertEquals(List.of(TensorType.real(3)), laplacian.outputTypes());
    assertTrue(
        laplacian.node(laplacian.outputs().get(0)) instanceof Node.Constant constant
            && constant.literal().isSplatOf(0),
        laplacian::toString);
  }

  @Test
  void resultsKeepTheirOrderAndOneThatDoesNotDependIsZero() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Value y = builder.input("y", TensorType.real(2, 2));
    Graph graph = builder.build(mul(y, y), x, mul(mul(x, x), x));
    double[] four = {1, 2, 3, 4};
    assertResults(
        List.of(new double[4], new double[2], new double[] {3, -12}),
        Laplacians.of(graph, "x"),
        Weights.none(),
        List.of(new double[] {0.5, -2}, four),
        0);
    assertResults(
        List.of(new double[] {2, 2, 2, 2}, new double[2], new double[2]),
        Laplacians.of(graph, "y"),
        Weights.none(),
        List.of(new double[] {0.5, -2}, four),
        0);
  }

  /** With D = 20 and layers of 7, the largest array is the Jacobian of a layer, D x 7. */
  @Test
  void noArrayOfTheHessiansSizeIsAllocated() {
    Graph laplacian = Runs.simplified(Laplacians.of(mlp(Tanh::tanh, 20, 7, 7, 3), "x"));
    long largest =
        laplacian.nodes().stream()
            .mapToLong(node -> node.type().shape().size())
            .max()
            .orElseThrow();
    assertEquals(20 * 7, largest, laplacian::toString);
  }

  /** At the sizes of the benchmark, in a batch: no value has two axes of the D = 64 features. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void noValueHasTwoAxesOfFeatures(int outputs) {
    Graph one = Laplacians.of(mlp(Tanh::tanh, 64, 256, 256, outputs), "x");
    Graph hessian =
        Hessians.forwardOverReverse(mlp(Tanh::tanh, 64, 256, 256, outputs), List.of("x"));
    assertTrue(featureAxes(hessian) >= 2);
    assertEquals(1, featureAxes(one));
  }

  /** The most axes of extent 64 that a value has in a batch of 3, unless it is a constant. */
  private static long featureAxes(Graph graph) {
    return Runs.simplified(Batch.of(graph, Set.of("x"), 3)).nodes().stream()
        .filter(node -> !(node instanceof Node.Constant))
        .mapToLong(
            node -> LongStream.of(node.type().shape().dims()).filter(dim -> dim == 64).count())
        .max()
        .orElseThrow();
  }

  /** Case S4: widths 1, 50, 50, 50, 501; by one input the Laplacian is the second derivative. */
  @Test
  void secondDerivativesOfAPinnNetwork() {
    int[] widths = {1, 50, 50, 50, 501};
    Graph tanh = mlp(Tanh::tanh, widths);
    Graph relu = mlp(Relu::relu, widths);
    Weights weights = weights(tanh, new Random(62));
    List<double[]> x = List.of(new double[] {0.3});
    List<String> wrt = List.of("x");
    for (Graph network : List.of(tanh, relu)) {
      Graph jacobian = Jacobians.of(network, wrt);
      assertEquals(List.of(TensorType.real(501, 1)), jacobian.outputTypes());
      double h = 1e-6;
      double[] up = Runs.reference(network, weights, List.of(new double[] {0.3 + h})).get(0);
      double[] down = Runs.reference(network, weights, List.of(new double[] {0.3 - h})).get(0);
      double[] slope = Vectors.scaled(1 / (2 * h), Vectors.combine(up, -1, down));
      assertClose(slope, Runs.reference(jacobian, weights, x).get(0), 1e-7, "first");
      assertEquals(
          List.of(TensorType.real(501, 1, 1)),
          Hessians.forwardOverForward(network, wrt).outputTypes());
    }
    double[] second = Runs.reference(Laplacians.of(tanh, "x"), weights, x).get(0);
    assertTrue(Vectors.largest(second) > 0.1);
    for (Graph hessian :
        List.of(Hessians.forwardOverForward(tanh, wrt), Hessians.forwardOverReverse(tanh, wrt))) {
      Everywhere.assertOn(Engines.all(), List.of(second), hessian, weights, x, 1e-11);
    }
    assertResults(List.of(new double[501]), Hessians.forwardOverForward(relu, wrt), weights, x, 0);
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    Graph network = mlp(Tanh::tanh, 2, 2);
    TangentsException unknown =
        assertThrows(TangentsException.class, () -> Laplacians.of(network, "z"));
    assertTrue(
        unknown
            .getMessage()
            .contains(
                "Derivative by 'z': no input or parameter has that name; the graph has [x, W1, b1]"),
        unknown.getMessage());
  }

  private static Weights weights(Graph network, Random random) {
    Map<String, Literal> values = new LinkedHashMap<>();
    for (Node.Parameter p : network.parameters()) {
      double scale = 1 / Math.sqrt((double) p.type().shape().dim(0));
      double[] numbers = Vectors.normal(random, p.type().shape().size());
      values.put(p.name(), Literal.of(p.type(), Vectors.scaled(scale, numbers)));
    }
    return Weights.of(values);
  }
}
