package dev.tangents.transform;

import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.DType;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Tanh;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Derivatives of derivatives, and what the transforms do to names, shapes and layer labels. */
class NestedDerivativesTest {
  private static final double[] ONE = {1};

  /** d/dx (x d/dy (x + y)) = 1; it is 2 where the inner tangent is taken for the outer one. */
  @Test
  void perturbationsAreNotConfused() {
    for (boolean forward : new boolean[] {true, false}) {
      GraphBuilder builder = new GraphBuilder();
      Value x = builder.input("x", TensorType.real());
      Graph sum = builder.build(Add.add(x, builder.input("y", TensorType.real())));
      Graph inner = derivative(sum, "y", forward);
      GraphBuilder outer = new GraphBuilder();
      List<Value> values = inner.copyInto(outer);
      Graph product =
          outer.build(
              Mul.mul(values.get(inner.input("x").id()), values.get(inner.outputs().get(0))));
      for (boolean outside : new boolean[] {true, false}) {
        assertResults(
            List.of(ONE),
            derivative(product, "x", outside),
            Weights.none(),
            List.of(new double[] {3}, new double[] {5}, ONE, ONE),
            0);
      }
    }
  }

  @Test
  void thirdDerivativeOfSine() {
    assertThird(Sin::sin, x -> -Math.cos(x));
  }

  @Test
  void thirdDerivativeOfTanh() {
    // With y = tanh x and s = 1 - y y: y' = s, y'' = -2 y s, y''' = s (6 y y - 2).
    assertThird(
        Tanh::tanh,
        x -> {
          double y = Math.tanh(x);
          return (1 - y * y) * (6 * y * y - 2);
        });
  }

  @Test
  void thirdDerivativeOfAChain() {
    // f = e^sin x: f''' = f (c^3 - 3 s c - c).
    assertThird(
        x -> Exp.exp(Sin.sin(x)),
        x -> {
          double s = Math.sin(x);
          double c = Math.cos(x);
          return Math.exp(s) * (c * c * c - 3 * s * c - c);
        });
  }

  private static void assertThird(UnaryOperator<Value> f, DoubleUnaryOperator third) {
    double[] x = {-1.2, 0.3, 2};
    double[] ones = {1, 1, 1};
    for (int order = 0; order < 8; order++) {
      GraphBuilder builder = new GraphBuilder();
      Graph graph = builder.build(f.apply(builder.input("x", TensorType.real(3))));
      List<double[]> inputs = new ArrayList<>(List.of(x));
      for (int i = 0; i < 3; i++) {
        graph = derivative(graph, "x", (order >> i & 1) == 1);
        inputs.add(ones);
      }
      double[] expected = Arrays.stream(x).map(third).toArray();
      assertResults(List.of(expected), graph, Weights.none(), inputs, 1e-14);
    }
  }

  private static Graph derivative(Graph graph, String wrt, boolean forward) {
    return forward ? Jvp.of(graph, List.of(wrt)) : Vjp.of(graph, List.of(wrt));
  }

  @Test
  void inputsThatTransformsAddComeLastUnderFreshNames() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Sin.sin(builder.input("tangent", TensorType.real(2))));
    Graph twice = Vjp.of(Jvp.of(graph, List.of("tangent")), List.of("tangent", "tangent#2"));
    assertEquals(
        List.of("tangent", "tangent#2", "cotangent"),
        twice.inputs().stream().map(Node.Input::name).toList());
  }

  @Test
  void derivativeNodesCarryTheLayerOfTheirPrimitive() {
    GraphBuilder builder = new GraphBuilder();
    Value hidden = Sin.sin(builder.origin("first").input("x", TensorType.real(2)));
    builder.origin("second");
    Graph graph = builder.build(Exp.exp(hidden));
    for (Graph any : List.of(Jvp.of(graph, List.of("x")), Vjp.of(graph, List.of("x")))) {
      any.nodes().stream()
          .filter(Node.Apply.class::isInstance)
          .map(Node.Apply.class::cast)
          .filter(apply -> apply.primitive().name().equals("cos"))
          .forEach(cos -> assertEquals("first", cos.origin()));
    }
  }

  @Test
  void unknownNamesAndOtherKindsOfNumberAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    builder.input("ids", new TensorType(DType.INT, Shape.of(4)));
    builder.parameter("W", TensorType.real(1));
    Graph graph = builder.build(Sin.sin(x));
    for (boolean forward : new boolean[] {true, false}) {
      assertMessage(
          "Derivative by 'w': no input or parameter has that name; the graph has [x, ids, W]",
          () -> derivative(graph, "w", forward));
      assertMessage(
          "Derivative by 'ids': it is INT[4], and only real values have derivatives",
          () -> derivative(graph, "ids", forward));
    }
    assertMessage("Graph: no input 'z'; it has [x, ids]", () -> Batch.of(graph, Set.of("z"), 2));
    assertMessage(
        "Shape: an extent is at least 0; got -1 in [-1, 2]",
        () -> Batch.of(graph, Set.of("x"), -1));
  }

  @Test
  void aResultThatDoesNotDependOnTheBatchIsRepeatedOrLeftAlone() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Value y = builder.input("y", TensorType.real(2));
    Graph graph = builder.build(Sin.sin(x), Sin.sin(y));
    assertEquals(
        List.of(TensorType.real(3, 2), TensorType.real(3, 2)),
        Batch.of(graph, Set.of("x"), 3).outputTypes());
    Batch.Result sparse = Batch.sparse(graph, Set.of("x"), 3);
    assertEquals(List.of(true, false), sparse.mapped());
    assertEquals(List.of(TensorType.real(3, 2), TensorType.real(2)), sparse.graph().outputTypes());
  }

  private static void assertMessage(String expected, Runnable action) {
    assertEquals(expected, assertThrows(TangentsException.class, action::run).getMessage());
  }
}
