package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.Primitives;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.elementwise.Unary;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine's contract beyond the numbers of single primitives. */
class Nd4jEngineTest {
  /** Two primitives that no engine knows. */
  private record Strange(String name) implements Unary {
    @Override
    public Value derivative(Value x, Value y) {
      return y;
    }
  }

  @Test
  void everyPrimitiveHasALowering() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      assertEquals(Set.copyOf(Primitives.standard()), engine.supported());
    }
  }

  @Test
  void allMissingLoweringsAreNamedAtOnce() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Value y = builder.apply(new Strange("warp"), builder.apply(new Strange("bend"), x));
    assertFails(
        Category.MODEL,
        "ND4J engine: no lowering for [bend, warp]. Use --engine reference, or leave these layers out",
        builder.build(Tanh.tanh(y)));
  }

  @Test
  void weightsOfAnotherShapeAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Tanh.tanh(builder.parameter("w", TensorType.real(2, 3))));
    Weights weights = Weights.of(Map.of("w", Literal.splat(TensorType.real(3, 2), 1)));
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      TangentsException e =
          assertThrows(TangentsException.class, () -> engine.prepare(graph, weights));
      assertEquals(
          "Parameter 'w': the graph expects [2, 3], the weights have [3, 2]", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void resultsMayBeInputsConstantsOrTheSameValueTwice(Precision precision) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Value w = builder.parameter("w", TensorType.real(2));
    Value unused = builder.input("unused", TensorType.real(7));
    Value y = Add.add(x, w);
    Graph graph =
        builder.build(
            y,
            Reshape.reshape(y, 1, 2),
            x,
            Tanh.tanh(w),
            builder.splat(Shape.of(3), 4),
            Reshape.reshape(x, 2, 1));
    Weights weights = Weights.of(Map.of("w", Literal.of(TensorType.real(2), 0, 5)));
    try (Nd4jEngine engine = new Nd4jEngine(precision)) {
      List<HostTensor> results =
          engine.evaluate(
              graph,
              weights,
              List.of(
                  HostTensor.of(x.shape(), 1.0, 2.0),
                  HostTensor.of(unused.shape(), new double[7])));
      assertArrayEquals(new double[] {1, 7}, results.get(0).doubles());
      assertArrayEquals(new double[] {1, 7}, results.get(1).doubles());
      assertArrayEquals(new double[] {1, 2}, results.get(2).doubles());
      assertArrayEquals(new double[] {0, Math.tanh(5)}, results.get(3).doubles(), 1e-7);
      assertArrayEquals(new double[] {4, 4, 4}, results.get(4).doubles());
      assertArrayEquals(new double[] {1, 2}, results.get(5).doubles());
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void emptyBatchesRun(Precision precision) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(0, 3));
    Value w = builder.parameter("w", TensorType.real(3, 2));
    Value y = Tanh.tanh(MatMul.matMul(x, w));
    Graph graph =
        builder.build(
            y,
            Sum.sum(y, 0),
            builder.apply(new MatMul(true, false), x, y),
            Concat.concat(List.of(y, Exp.exp(w), y), 0));
    Weights weights = Weights.of(Map.of("w", Literal.splat(TensorType.real(3, 2), 0)));
    try (Nd4jEngine engine = new Nd4jEngine(precision)) {
      List<HostTensor> results =
          engine.evaluate(graph, weights, List.of(HostTensor.of(x.shape(), new double[0])));
      assertArrayEquals(new double[0], results.get(0).doubles());
      assertArrayEquals(new double[2], results.get(1).doubles());
      assertArrayEquals(new double[6], results.get(2).doubles());
      assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, results.get(3).doubles());
    }
  }

  @Test
  void wrongTensorsAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Tanh.tanh(builder.input("x", TensorType.real(2, 3))));
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
        Nd4jEngine other = new Nd4jEngine(Precision.DOUBLE);
        ReferenceEngine reference = new ReferenceEngine();
        Executable executable = engine.prepare(graph, Weights.none());
        DeviceTensor good = engine.allocate(Shape.of(2, 3));
        DeviceTensor result = engine.allocate(Shape.of(2, 3));
        DeviceTensor turned = engine.allocate(Shape.of(3, 2));
        DeviceTensor wide = other.allocate(Shape.of(2, 3));
        DeviceTensor foreign = reference.allocate(Shape.of(2, 3))) {
      assertRefused("Input 'x': expected [2, 3], got [3, 2]", executable, turned, result);
      assertRefused("Output 0: expected [2, 3], got [3, 2]", executable, good, turned);
      assertRefused("Input 'x': expected FLOAT numbers, got DOUBLE", executable, wide, result);
      assertRefused(
          "Input 'x': expected a tensor of the ND4J engine, got JavaTensor",
          executable,
          foreign,
          result);
      TangentsException e =
          assertThrows(TangentsException.class, () -> executable.run(List.of(), List.of(result)));
      assertEquals("Executable: expected 1 inputs, got 0", e.getMessage());
    }
  }

  @Test
  void nothingWorksAfterItWasClosed() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(Tanh.tanh(builder.input("x", TensorType.real(3))));
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
        DeviceTensor result = engine.allocate(Shape.of(3))) {
      DeviceTensor closed = engine.allocate(Shape.of(3));
      closed.close();
      Executable executable = engine.prepare(graph, Weights.none());
      assertRefused("Tensor [3]: used after its memory was freed", executable, closed, result);
      executable.close();
      assertRefused("Executable: run after it was closed", executable, result, result);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsShareMemory(Precision precision) {
    try (Nd4jEngine engine = new Nd4jEngine(precision);
        DeviceTensor whole = engine.allocate(Shape.of(4, 3))) {
      whole.write(HostTensor.of(Shape.of(4, 3), 0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
      DeviceTensor middle = whole.rows(1, 3).rows(1, 2);
      assertArrayEquals(new double[] {6, 7, 8}, middle.read().doubles());
      GraphBuilder builder = new GraphBuilder();
      Graph graph = builder.build(Exp.exp(Tanh.tanh(builder.input("x", TensorType.real(1, 3)))));
      try (Executable executable = engine.prepare(graph, Weights.none())) {
        middle.write(HostTensor.of(Shape.of(1, 3), 0.0, 0, 0));
        executable.run(List.of(whole.rows(2, 3)), List.of(whole.rows(3, 4)));
      }
      assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5, 0, 0, 0, 1, 1, 1}, whole.read().doubles());
      TangentsException e = assertThrows(TangentsException.class, () -> whole.rows(3, 5));
      assertEquals("Rows: [3, 5) is not a range of rows of [4, 3]", e.getMessage());
    }
  }

  @Test
  void threadsAreSetAndChangesNoticed() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
        DeviceTensor tensor = engine.allocate(Shape.of(1))) {
      GraphBuilder builder = new GraphBuilder();
      Graph graph = builder.build(Tanh.tanh(builder.input("x", TensorType.real(1))));
      try (Executable executable = engine.prepare(graph, Weights.none())) {
        assertEquals(1, openblas_nolapack.blas_get_num_threads());
        openblas_nolapack.blas_set_num_threads(2);
        assertRefused(
            "ND4J: expected 1 thread of arithmetic, BLAS uses 2 and elementwise operations 1. Results would"
                + " differ in their last bits. Use one number of threads in one JVM, at most the processors",
            executable,
            tensor,
            tensor);
      } finally {
        openblas_nolapack.blas_set_num_threads(1);
      }
    }
  }

  @Test
  void describeNamesVersionsKernelsAndThreads() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.DOUBLE)) {
      assertTrue(
          engine
              .describe()
              .matches(
                  "nd4j 1\\.0\\.0-M2\\.1 \\(CpuBackend, OpenBLAS [0-9.]+, kernels [A-Z0-9]+, 1 thread, DOUBLE\\)"),
          engine::describe);
    }
  }

  private static void assertRefused(
      String message, Executable executable, DeviceTensor input, DeviceTensor output) {
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> executable.run(List.of(input), List.of(output)));
    assertEquals(message, e.getMessage());
  }

  private static void assertFails(Category category, String message, Graph graph) {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      TangentsException e =
          assertThrows(TangentsException.class, () -> engine.prepare(graph, Weights.none()));
      assertEquals(message, e.getMessage());
      assertEquals(category, e.category());
    }
  }
}
