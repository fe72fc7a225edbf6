package dev.tangents.transform;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Loops;
import dev.tangents.testkit.RandomGraphs;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What must hold for the derivatives of any graph. A failure reports its seed and its size. */
class PropertyTest {
  private static final List<String> WRT = List.of("x", "y", "W");

  /** Two exact orders of at most some thousand operations on numbers of the order of one. */
  private static final double ROUNDING = 1e-11;

  @Property(tries = 150)
  void vjpIsTheAdjointOfJvp(@ForAll long seed, @ForAll @IntRange(min = 5, max = 25) int steps) {
    Graph graph = RandomGraphs.of(seed, steps);
    Weights weights = RandomGraphs.weights(seed);
    Random random = new Random(seed);
    List<double[]> x = normal(types(graph.inputs()), random);
    List<double[]> dx = normal(perturbed(graph), random);
    List<double[]> u = normal(graph.outputTypes(), random);
    List<double[]> forward = Runs.reference(Jvp.of(graph, WRT), weights, Runs.inputs(x, dx));
    List<double[]> reverse = Runs.reference(Vjp.of(graph, WRT), weights, Runs.inputs(x, u));
    assertNear(Vectors.dot(u, forward), Vectors.dot(reverse, dx), forward, reverse);
  }

  /** The Hessian of the sum of squared results is symmetric, and both orders give it. */
  @Property(tries = 60)
  void secondDerivativesAgree(@ForAll long seed, @ForAll @IntRange(min = 5, max = 15) int steps) {
    Graph graph = sumOfSquares(RandomGraphs.of(seed, steps));
    Weights weights = RandomGraphs.weights(seed);
    Graph gradient = Vjp.of(graph, WRT);
    Random random = new Random(seed);
    List<double[]> x =
        Runs.inputs(normal(types(graph.inputs()), random), List.of(new double[] {1}));
    List<double[]> u = normal(perturbed(graph), random);
    List<double[]> v = normal(perturbed(graph), random);
    Graph forward = Runs.simplified(Jvp.of(gradient, WRT));
    List<double[]> hu = Runs.reference(forward, weights, Runs.inputs(x, u));
    List<double[]> hv = Runs.reference(forward, weights, Runs.inputs(x, v));
    assertNear(Vectors.dot(u, hv), Vectors.dot(v, hu), hu, hv);
    Graph reverse = Runs.simplified(Vjp.of(gradient, WRT));
    assertClose(hv, Runs.reference(reverse, weights, Runs.inputs(x, v)), ROUNDING, "orders");
  }

  @Property(tries = 100)
  void simplifyKeepsValuesAndNeverGrowsAndHasNothingLeftToDo(
      @ForAll long seed, @ForAll @IntRange(min = 5, max = 25) int steps) {
    Graph graph = RandomGraphs.of(seed, steps);
    Weights weights = RandomGraphs.weights(seed);
    for (Graph any : List.of(graph, Jvp.of(graph, WRT), Vjp.of(graph, WRT))) {
      Graph small = Runs.simplified(any);
      assertTrue(small.nodes().size() <= any.nodes().size(), () -> small + " grew from " + any);
      assertEquals(small.toString(), Runs.simplified(small).toString());
      assertEquals(types(any.inputs()), types(small.inputs()));
      List<double[]> x = normal(types(any.inputs()), new Random(seed));
      assertClose(
          Runs.reference(any, weights, x), Runs.reference(small, weights, x), 1e-12, "simplify");
    }
  }

  @Property(tries = 40)
  void batchIsTheLoop(@ForAll long seed, @ForAll @IntRange(min = 5, max = 25) int steps) {
    Graph graph = RandomGraphs.of(seed, steps);
    Weights weights = RandomGraphs.weights(seed);
    for (Graph any : List.of(graph, Jvp.of(graph, WRT), Vjp.of(graph, WRT))) {
      List<Set<String>> subsets =
          Loops.subsets(any.inputs().stream().map(Node.Input::name).toList());
      Set<String> mapped = subsets.get(new Random(seed).nextInt(subsets.size()));
      List<List<double[]>> samples = new ArrayList<>();
      Random random = new Random(seed);
      for (int n = 0; n < 3; n++) {
        samples.add(normal(types(any.inputs()), random));
      }
      Loops.assertBatchIsLoop(any, weights, mapped, 3, samples::get, ROUNDING);
    }
  }

  @Property(tries = 60)
  void enginesAgree(@ForAll long seed, @ForAll @IntRange(min = 5, max = 25) int steps) {
    Graph graph = RandomGraphs.of(seed, steps);
    Weights weights = RandomGraphs.weights(seed);
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        for (Graph any : List.of(graph, Vjp.of(graph, WRT))) {
          List<double[]> x = normal(types(any.inputs()), new Random(seed));
          assertClose(
              Runs.reference(any, weights, x),
              Runs.on(engine, Runs.simplified(any), weights, x),
              entry.tolerance(),
              entry.name());
        }
      }
    }
  }

  /** Compares two scalar products with the magnitudes that went into them. */
  private static void assertNear(double a, double b, List<double[]> left, List<double[]> right) {
    double scale = 1 + Math.sqrt(Vectors.dot(left, left)) + Math.sqrt(Vectors.dot(right, right));
    assertEquals(a, b, ROUNDING * scale);
  }

  private static Graph sumOfSquares(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = graph.copyInto(builder);
    Value sum = builder.splat(Shape.scalar(), 0);
    for (int id : graph.outputs()) {
      Value y = values.get(id);
      Value flat = Reshape.reshape(y, y.shape().size());
      sum = Add.add(sum, Sum.sum(Mul.mul(flat, flat), 0));
    }
    return builder.build(sum);
  }

  private static List<TensorType> perturbed(Graph graph) {
    List<TensorType> types = new ArrayList<>(List.of(graph.input("x").type()));
    types.add(graph.input("y").type());
    types.add(graph.parameter("W").type());
    return types;
  }

  private static List<TensorType> types(List<Node.Input> inputs) {
    return inputs.stream().map(Node.Input::type).toList();
  }

  private static List<double[]> normal(List<TensorType> types, Random random) {
    return types.stream().map(t -> Vectors.normal(random, t.shape().size())).toList();
  }
}
