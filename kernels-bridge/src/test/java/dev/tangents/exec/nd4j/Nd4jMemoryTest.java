package dev.tangents.exec.nd4j;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Softplus.softplus;
import static dev.tangents.op.elementwise.Tanh.tanh;
import static dev.tangents.op.linalg.MatMul.matMul;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.shape.Reshape;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who holds native memory, for how long, and how much. */
class Nd4jMemoryTest {
  private static final int BATCHES = 10_000;

  /** What the process may differ by for reasons of its own: pages of the Java heap, compilation. */
  private static final long NOISE = 64L << 20;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void tenThousandBatchesTakeNoMemory(Precision precision) {
    Graph forward = network();
    Graph backward = Vjp.of(forward, List.of("x", "w", "b"));
    for (Graph graph : List.of(forward, backward)) {
      Set<String> batched = Set.copyOf(graph.inputs().stream().map(input -> input.name()).toList());
      assertNoGrowth(precision, Batch.of(graph, batched, 64));
    }
  }

  private static void assertNoGrowth(Precision precision, Graph graph) {
    try (Nd4jEngine engine = new Nd4jEngine(precision);
        Executable executable = engine.prepare(graph, weights());
        Tensors tensors = new Tensors(engine, graph)) {
      for (int i = 0; i < 1000; i++) {
        executable.run(tensors.in, tensors.out);
      }
      long live = engine.liveBytes();
      long counted = Pointer.totalBytes();
      long process = Pointer.physicalBytes();
      for (int i = 0; i < BATCHES; i++) {
        executable.run(tensors.in, tensors.out);
      }
      assertEquals(live, engine.liveBytes());
      assertTrue(Pointer.totalBytes() <= counted, () -> "JavaCPP counts more than " + counted);
      long grown = Pointer.physicalBytes() - process;
      assertTrue(grown < NOISE, () -> "The process grew by " + grown + " bytes");
    }
  }

  @Test
  void aRunCreatesNoNativeObjects() {
    Graph graph = Batch.of(network(), Set.of("x"), 64);
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
        Executable executable = engine.prepare(graph, weights());
        Tensors tensors = new Tensors(engine, graph)) {
      executable.run(tensors.in, tensors.out);
      long objects = Pointer.totalCount();
      for (int i = 0; i < 100; i++) {
        executable.run(tensors.in, tensors.out);
      }
      assertTrue(Pointer.totalCount() <= objects, "A run registered native objects");
    }
  }

  @Test
  void closingGivesEverythingBack() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      Executable executable = engine.prepare(network(), weights());
      assertEquals(executable.bytes(), engine.liveBytes());
      assertTrue(executable.bytes() > 0);
      DeviceTensor tensor = engine.allocate(Shape.of(3, 5));
      assertEquals(executable.bytes() + 60, engine.liveBytes());
      tensor.rows(1, 2).close();
      assertEquals(executable.bytes() + 60, engine.liveBytes());
      tensor.close();
      tensor.close();
      executable.close();
      executable.close();
      assertEquals(0, engine.liveBytes());
    }
  }

  @Test
  void aChainOfElementwiseStepsNeedsOneBlock() {
    GraphBuilder builder = new GraphBuilder();
    Value y = builder.input("x", TensorType.real(1000));
    for (int i = 0; i < 10; i++) {
      y =
          Reshape.reshape(
              builder.apply(new Exp(), y), i % 2 == 0 ? new long[] {10, 100} : new long[] {1000});
    }
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
        Executable executable = engine.prepare(builder.build(y), Weights.none())) {
      // Nine values in one block; the tenth is computed in the caller's tensor.
      assertEquals(4000, executable.bytes());
    }
  }

  @Test
  void aPlanThatDoesNotFitSaysHowMuchItNeeds() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(1, 2_000_000_000));
    Graph graph = builder.build(softplus(tanh(x)));
    try (Nd4jEngine engine = new Nd4jEngine(Precision.DOUBLE)) {
      TangentsException e =
          assertThrows(TangentsException.class, () -> engine.prepare(graph, Weights.none()));
      assertEquals(Category.RESOURCE, e.category());
      assertTrue(
          e.getMessage().startsWith("Plan of 3 values: needs 16,000,000,000 bytes"),
          e.getMessage());
      assertEquals(0, engine.liveBytes());
    }
  }

  @Test
  void aTensorThatDoesNotFitSaysHowMuchItNeeds() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.DOUBLE)) {
      TangentsException e =
          assertThrows(TangentsException.class, () -> engine.allocate(Shape.of(1000, 2_000_000)));
      assertEquals(Category.RESOURCE, e.category());
      assertTrue(
          e.getMessage().startsWith("Tensor [1000, 2000000]: needs 16,000,000,000 bytes"),
          e.getMessage());
      e = assertThrows(TangentsException.class, () -> engine.allocate(Shape.of(100_000, 100_000)));
      assertEquals(Category.RESOURCE, e.category());
    }
  }

  /** softplus(tanh(x W + b) W + b) for one sample x. */
  private static Graph network() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(1, 16));
    Value w = builder.parameter("w", TensorType.real(16, 16));
    Value b = builder.parameter("b", TensorType.real(1, 16));
    Value hidden = tanh(add(matMul(x, w), b));
    return builder.build(softplus(add(matMul(hidden, w), b)));
  }

  private static Weights weights() {
    return Weights.of(
        Map.of(
            "w", Literal.splat(TensorType.real(16, 16), 0.1),
            "b", Literal.splat(TensorType.real(1, 16), 0.2)));
  }

  /** Inputs and outputs of a graph. */
  private static final class Tensors implements AutoCloseable {
    private final List<DeviceTensor> in = new ArrayList<>();
    private final List<DeviceTensor> out = new ArrayList<>();

    Tensors(Nd4jEngine engine, Graph graph) {
      graph.inputs().forEach(input -> in.add(ones(engine, input.type().shape())));
      graph.outputTypes().forEach(type -> out.add(ones(engine, type.shape())));
    }

    private static DeviceTensor ones(Nd4jEngine engine, Shape shape) {
      DeviceTensor tensor = engine.allocate(shape);
      tensor.write(HostTensor.of(shape, Literal.splat(TensorType.real(shape), 1).toArray()));
      return tensor;
    }

    @Override
    public void close() {
      in.forEach(DeviceTensor::close);
      out.forEach(DeviceTensor::close);
    }
  }
}
