package dev.tangents.exec.nd4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Panel;
import dev.tangents.op.Primitives;
import dev.tangents.op.elementwise.Select;
import dev.tangents.op.linalg.Det;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.Runs;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine on arrays with ND4J's backend for CPUs, where it is the same operations. */
class ArrayEngineTest {
  private static final long SEED = 5;

  /** ND4J's tanh and expm1 cancel near 0, and its erf is good to 1e-7 or so in float. */
  private static final double DOUBLE = 1e-11;

  private static final double FLOAT = 5e-5;

  @BeforeAll
  static void loadTheBackendForCpus() {
    new Nd4jEngine(Precision.FLOAT).close();
  }

  static Stream<PrimitiveCase> cases() {
    Set<Class<?>> supported = new HashSet<>(new ArrayEngine(Precision.FLOAT, "").supported());
    return PrimitiveTable.all().stream()
        .filter(line -> supported.contains(line.primitive().getClass()))
        .filter(line -> line.graph().nodes().stream().noneMatch(ArrayEngineTest::isEmpty));
  }

  private static boolean isEmpty(Node node) {
    return node.type().shape().size() == 0;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void primitiveAgreesWithTheReference(PrimitiveCase line) {
    List<double[]> operands = line.sample(new Random(SEED));
    double[] expected = Runs.reference(line.graph(), operands).get(0);
    for (Precision precision : Precision.values()) {
      ArrayEngine engine = new ArrayEngine(precision, "");
      double[] found = Runs.on(engine, line.graph(), Weights.none(), operands).get(0);
      double tolerance = precision == Precision.FLOAT ? FLOAT : DOUBLE;
      assertEquals(expected.length, found.length);
      for (int i = 0; i < found.length; i++) {
        double size = 1 + Math.abs(expected[i]);
        assertEquals(expected[i], found[i], tolerance * size, precision + " " + i);
      }
      assertEquals(0, engine.liveBytes());
    }
  }

  /** As many numbers in another shape would be taken in another order. */
  @Test
  void weightsOfAnotherShapeAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(builder.parameter("w", TensorType.real(2, 3)));
    Weights weights = Weights.of(Map.of("w", Literal.splat(TensorType.real(3, 2), 1)));
    ArrayEngine engine = new ArrayEngine(Precision.FLOAT, "");
    TangentsException e =
        assertThrows(TangentsException.class, () -> engine.prepare(graph, weights));
    assertEquals(
        "Parameter 'w': the graph expects [2, 3], the weights have [3, 2]", e.getMessage());
  }

  @Test
  void onlyWhatIsNotChosenMayBeInfinite() {
    GraphBuilder builder = new GraphBuilder();
    TensorType two = TensorType.real(2);
    Graph graph =
        builder.build(
            Select.select(
                builder.input("c", two), builder.input("a", two), builder.input("b", two)));
    List<double[]> operands =
        List.of(
            new double[] {1, 0},
            new double[] {2, Double.POSITIVE_INFINITY},
            new double[] {Double.NaN, 3});
    double[] found =
        Runs.on(new ArrayEngine(Precision.DOUBLE, ""), graph, Weights.none(), operands).get(0);
    assertArrayEquals(new double[] {2, 3}, found);
  }

  /** Two layers of weights, padded batches, strips of a tile: what a run of gram asks for. */
  @ParameterizedTest
  @EnumSource(KernelKind.class)
  void kernelOfANetworkAgreesWithTheReference(KernelKind kind) {
    double[] found = kernel(new ArrayEngine(Precision.DOUBLE, ""), kind);
    assertArrayEquals(kernel(new ReferenceEngine(), kind), found, 1e-10);
  }

  private static double[] kernel(Engine engine, KernelKind kind) {
    Model model = Models.load("mlp:4-8-3:gelu?seed=2", name -> null);
    List<String> parameters =
        model.graph().parameters().stream().map(Node.Parameter::name).toList();
    KernelPlan plan = KernelPlan.of(model.graph(), new KernelRequest(kind, false, parameters));
    double[] x = new Random(SEED).doubles(12, -1, 1).toArray();
    try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), 2);
        Panel panel = kernel.panel(HostTensor.of(Shape.of(3, 4), x))) {
      return kernel.tile(panel, panel).block(0).read().doubles();
    }
  }

  @Test
  void primitivesWithoutAKernelAreListedAndRefused() {
    Set<String> missing =
        Primitives.standard().stream()
            .filter(type -> !new ArrayEngine(Precision.FLOAT, "").supported().contains(type))
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals("[Cofactor, Det, DetSign, Inverse, LogAbsDet, StridedAdd]", missing.toString());
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Det.det(builder.input("x", TensorType.real(3, 3))));
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> new ArrayEngine(Precision.FLOAT, "").prepare(graph, Weights.none()));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().startsWith("ND4J CUDA engine: no kernel for [det]. Use"));
  }
}
