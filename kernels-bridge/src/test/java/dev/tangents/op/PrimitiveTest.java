package dev.tangents.op;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.derivative.Determinants;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.CudaEngine;
import dev.tangents.exec.cuda.EmulatedEngines;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.LogDeterminant;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Site;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Select;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Concat;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Loops;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of every primitive, driven by {@link PrimitiveTable}. */
class PrimitiveTest {
  /** Central differences: h^2 f'''/6 is 2e-10 here and rounding eps/h 1e-11, times f''' of 1000. */
  private static final double STEP = 1e-5;

  private static final double DIFFERENCE = 2e-6;

  /** Two exact computations of one number: a few dozen roundings. */
  private static final double ROUNDING = 1e-12;

  static Stream<PrimitiveCase> table() {
    return PrimitiveTable.all().stream();
  }

  @Test
  void everyPrimitiveHasALineInTheTable() {
    assertEquals(
        Set.of(),
        missing(table().map(line -> line.primitive().getClass())),
        "no line in the table");
  }

  @Test
  void everyPrimitiveHasAReferenceKernel() {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      assertEquals(Set.of(), missing(engine.supported().stream()), "no reference kernel");
    }
  }

  @Test
  void everyPrimitiveHasAnNd4jLowering() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      assertEquals(Set.of(), missing(engine.supported().stream()), "no ND4J lowering");
    }
  }

  @Test
  void everyPrimitiveHasACudaLowering() {
    try (CudaEngine engine = EmulatedEngines.open(Precision.FLOAT)) {
      assertEquals(Set.of(), missing(engine.supported().stream()), "no CUDA lowering");
    }
  }

  @Test
  void namesOfPrimitivesDiffer() {
    long names = table().map(line -> line.primitive().name()).distinct().count();
    assertEquals(Primitives.standard().size(), names);
  }

  private static Set<String> missing(Stream<? extends Class<?>> present) {
    Set<Class<?>> have = present.collect(Collectors.toSet());
    return Primitives.standard().stream()
        .filter(primitive -> !have.contains(primitive))
        .map(Class::getSimpleName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("table")
  void valueIsTheFormula(PrimitiveCase line) {
    Random random = new Random(1);
    for (int draw = 0; draw < 5; draw++) {
      List<double[]> x = line.sample(random);
      assertClose(
          line.formula().apply(x),
          Runs.reference(line.graph(), x).get(0),
          line.tolerance(),
          line + " (" + line.reason() + ")");
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void jvpIsTheDifferenceQuotient(PrimitiveCase line) {
    Graph graph = line.graph();
    assertDifference(graph, Jvp.of(graph, line.names()), line, new Random(2));
  }

  /** Where a primitive knows the determinant by an operand, that is the one of its Jacobian. */
  @ParameterizedTest
  @MethodSource("table")
  void determinantIsThatOfTheJacobian(PrimitiveCase line) {
    for (int operand = 0; operand < line.shapes().size(); operand++) {
      GraphBuilder builder = new GraphBuilder();
      Value[] inputs = line.inputs(builder);
      Value y = builder.applyAsIs(line.primitive(), inputs);
      Optional<LogDeterminant> known =
          line.primitive().determinant(new Site(List.of(inputs), y), operand);
      if (known.isPresent()) {
        List<double[]> x = line.sample(new Random(6));
        Graph graph = builder.build(known.get().sign(), known.get().log());
        List<double[]> factors = Runs.reference(graph, x);
        List<double[]> expected =
            Runs.reference(Determinants.of(line.graph(), line.names().get(operand)), x);
        assertEquals(
            expected.get(0)[0], Arrays.stream(factors.get(0)).reduce(1, (a, b) -> a * b), "sign");
        double log = Arrays.stream(factors.get(1)).sum();
        if (expected.get(0)[0] == 0) {
          assertEquals(Double.NEGATIVE_INFINITY, log);
        } else {
          assertEquals(expected.get(1)[0], log, 1e-12 * (1 + Math.abs(log)), "ln |det|");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void jvpOfJvpIsTheDifferenceQuotientOfJvp(PrimitiveCase line) {
    Graph first = Jvp.of(line.graph(), line.names());
    assertDifference(first, Jvp.of(first, line.names()), line, new Random(3));
  }

  /** d/dt f(x + t dx, rest) against the jvp graph, whose inputs are x, rest, dx. */
  private static void assertDifference(
      Graph f, Graph derivative, PrimitiveCase line, Random random) {
    List<double[]> x = line.sample(random);
    List<double[]> rest = normal(f.inputs().subList(x.size(), f.inputs().size()), random);
    List<double[]> dx = normal(f.inputs().subList(0, x.size()), random);
    double[] up = Runs.reference(f, Runs.inputs(Vectors.step(x, STEP, dx), rest)).get(0);
    double[] down = Runs.reference(f, Runs.inputs(Vectors.step(x, -STEP, dx), rest)).get(0);
    assertClose(
        Vectors.scaled(0.5 / STEP, Vectors.combine(up, -1, down)),
        Runs.reference(derivative, Runs.inputs(x, rest, dx)).get(0),
        DIFFERENCE,
        line.toString());
  }

  @ParameterizedTest
  @MethodSource("table")
  void vjpIsTheAdjointOfJvp(PrimitiveCase line) {
    Graph graph = line.graph();
    Random random = new Random(4);
    List<double[]> x = line.sample(random);
    List<double[]> dx = normal(graph.inputs(), random);
    List<double[]> u = List.of(Vectors.normal(random, graph.outputTypes().get(0).shape().size()));
    List<double[]> jdx = Runs.reference(Jvp.of(graph, line.names()), Runs.inputs(x, dx));
    List<double[]> jtu = Runs.reference(Vjp.of(graph, line.names()), Runs.inputs(x, u));
    double scale = 1 + Math.abs(Vectors.dot(u, jdx));
    assertEquals(Vectors.dot(u, jdx), Vectors.dot(jtu, dx), ROUNDING * scale, line.toString());
  }

  /** The Hessian of s(x) = sum_i c_i f_i(x)^2, by both orders, and that it is symmetric. */
  @ParameterizedTest
  @MethodSource("table")
  void secondDerivativesAgree(PrimitiveCase line) {
    GraphBuilder builder = new GraphBuilder();
    Value y = builder.applyAsIs(line.primitive(), line.inputs(builder));
    Value weights = builder.constant(weights(y.type()));
    Value squares = Mul.mul(weights, Mul.mul(y, y));
    Graph s = builder.build(Sum.sum(squares, IntStream.range(0, y.shape().rank()).toArray()));
    Graph gradient = Vjp.of(s, line.names());
    Graph forward = Jvp.of(gradient, line.names());
    Graph reverse = Vjp.of(gradient, line.names());
    Random random = new Random(5);
    List<double[]> x = line.sample(random);
    List<double[]> one = List.of(new double[] {1});
    List<double[]> u = normal(s.inputs(), random);
    List<double[]> v = normal(s.inputs(), random);
    List<double[]> hv = Runs.reference(forward, Runs.inputs(x, one, v));
    assertClose(
        hv, Runs.reference(reverse, Runs.inputs(x, one, v)), ROUNDING, "vjp of vjp, " + line);
    List<double[]> hu = Runs.reference(forward, Runs.inputs(x, one, u));
    double uhv = Vectors.dot(u, hv);
    assertEquals(uhv, Vectors.dot(v, hu), ROUNDING * (10 + Math.abs(uhv)), line.toString());
  }

  private static Literal weights(TensorType type) {
    double[] c = new double[type.shape().intSize()];
    Arrays.setAll(c, i -> 1 + 0.25 * i);
    return Literal.of(type, c);
  }

  @ParameterizedTest
  @MethodSource("table")
  void batchIsTheLoop(PrimitiveCase line) {
    Graph graph = line.graph();
    for (Graph any : List.of(graph, Jvp.of(graph, line.names()), Vjp.of(graph, line.names()))) {
      List<List<double[]>> samples = samples(any, line, 3);
      for (Set<String> mapped :
          Loops.subsets(any.inputs().stream().map(Node.Input::name).toList())) {
        for (int size : new int[] {0, 1, 3}) {
          Loops.assertBatchIsLoop(any, Weights.none(), mapped, size, samples::get, ROUNDING);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void nestedBatchIsTheLoop(PrimitiveCase line) {
    List<Set<String>> subsets = Loops.subsets(line.names());
    for (Set<String> lanes : subsets) {
      Graph inner = Batch.of(line.graph(), lanes, 2);
      Random random = new Random(6);
      List<List<double[]>> samples = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        List<double[]> first = line.sample(random);
        List<double[]> second = line.sample(random);
        List<double[]> both = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
          boolean lane = lanes.contains(line.names().get(i));
          both.add(lane ? Vectors.join(List.of(first.get(i), second.get(i))) : first.get(i));
        }
        samples.add(both);
      }
      for (Set<String> mapped : subsets) {
        Loops.assertBatchIsLoop(inner, Weights.none(), mapped, 3, samples::get, ROUNDING);
      }
    }
  }

  /** A derivative by one operand must not compute with zeros for the others. */
  @ParameterizedTest
  @MethodSource("table")
  void symbolicZerosCostNothing(PrimitiveCase line) {
    // Joining pads with zeros, a mask compares with zero, and a selection takes zero where the
    // other operand is chosen: all mean the number.
    Set<Class<? extends Primitive>> padding = Set.of(Concat.class, Greater.class, Select.class);
    for (String name : line.names()) {
      Graph graph = Jvp.of(line.graph(), List.of(name));
      for (Node node : graph.nodes()) {
        if (node instanceof Node.Apply apply && !padding.contains(apply.primitive().getClass())) {
          for (int argument : apply.arguments()) {
            assertTrue(
                !(graph.node(argument) instanceof Node.Constant constant
                    && constant.literal().isSplatOf(0)),
                () -> apply + " consumes a zero in\n" + graph);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void anUnusedInputHasAZeroDerivativeThatIsOnlyAConstant(PrimitiveCase line) {
    GraphBuilder builder = new GraphBuilder();
    Value y = builder.applyAsIs(line.primitive(), line.inputs(builder));
    builder.input("unused", TensorType.real(4));
    Graph graph = builder.build(y);
    for (Graph zero : List.of(Jvp.of(graph, List.of("unused")), Vjp.of(graph, List.of("unused")))) {
      Graph small = Runs.simplified(zero);
      Node result = small.node(small.outputs().get(0));
      assertTrue(
          result instanceof Node.Constant constant && constant.literal().isSplatOf(0),
          () -> "not a constant zero:\n" + small);
      assertEquals(zero.outputTypes(), small.outputTypes());
      assertEquals(
          small.inputs().size() + 1, small.nodes().size(), () -> "something is left:\n" + small);
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void enginesAgree(PrimitiveCase line) {
    Graph graph = line.graph();
    List<Graph> graphs = List.of(graph, Jvp.of(graph, line.names()), Vjp.of(graph, line.names()));
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        for (Graph any : graphs) {
          List<double[]> inputs = samples(any, line, 1).get(0);
          assertClose(
              Runs.reference(any, inputs),
              Runs.on(engine, any, Weights.none(), inputs),
              entry.tolerance(),
              entry + ", " + line);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void simplifyKeepsTheValue(PrimitiveCase line) {
    Graph graph = line.graph();
    for (Graph any : List.of(graph, Jvp.of(graph, line.names()), Vjp.of(graph, line.names()))) {
      List<double[]> inputs = samples(any, line, 1).get(0);
      assertClose(
          Runs.reference(any, inputs),
          Runs.reference(Runs.simplified(any), inputs),
          ROUNDING,
          line.toString());
    }
  }

  /** Identities such as x + 0 and x * 1, with a constant in the place of each operand. */
  @ParameterizedTest
  @MethodSource("table")
  void identitiesKeepTheValue(PrimitiveCase line) {
    List<double[]> x = line.sample(new Random(7));
    for (int operand = 0; operand < x.size(); operand++) {
      for (double number : new double[] {0, 1, -1, 0.5}) {
        GraphBuilder builder = new GraphBuilder();
        Value[] inputs = line.inputs(builder);
        inputs[operand] = builder.splat(line.shapes().get(operand), number);
        Graph graph =
            builder.build(
                builder.applyAsIs(line.primitive(), inputs),
                builder.apply(line.primitive(), inputs));
        List<double[]> results = Runs.reference(graph, x);
        assertEquals(graph.outputTypes().get(0), graph.outputTypes().get(1));
        if (Arrays.stream(results.get(0)).allMatch(Double::isFinite)) {
          assertClose(results.get(0), results.get(1), ROUNDING, line + " with " + number);
        }
      }
    }
  }

  private static List<List<double[]>> samples(Graph graph, PrimitiveCase line, int count) {
    Random random = new Random(8);
    List<List<double[]>> samples = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      List<double[]> x = line.sample(random);
      samples.add(
          Runs.inputs(x, normal(graph.inputs().subList(x.size(), graph.inputs().size()), random)));
    }
    return samples;
  }

  private static List<double[]> normal(List<Node.Input> inputs, Random random) {
    return inputs.stream().map(x -> Vectors.normal(random, x.type().shape().size())).toList();
  }
}
