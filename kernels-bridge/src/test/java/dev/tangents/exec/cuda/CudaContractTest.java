package dev.tangents.exec.cuda;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.DeviceWork;
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
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.index.Gather;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.RandomGraphs;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine's contract beyond the numbers of single primitives, on an emulated device. */
class CudaContractTest {
  @Property(tries = 300)
  void randomGraphsGiveTheReferencesNumbers(@ForAll long seed) {
    Graph graph = RandomGraphs.of(seed, 14);
    Random random = new Random(seed);
    List<double[]> inputs = List.of(Vectors.normal(random, 6), Vectors.normal(random, 3));
    List<double[]> expected = Runs.reference(graph, RandomGraphs.weights(seed), inputs);
    HostGpu gpu = new HostGpu(Precision.DOUBLE);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      assertClose(
          expected,
          Runs.on(engine, graph, RandomGraphs.weights(seed), inputs),
          1e-11,
          "seed " + seed);
      assertEquals(0, engine.liveBytes());
      assertEquals(0, gpu.blocks());
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void resultsMayBeInputsConstantsOrTheSameValueTwice(Precision precision) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Value w = builder.parameter("w", TensorType.real(2));
    Value y = Add.add(x, w);
    Graph graph =
        builder.build(y, Reshape.reshape(y, 1, 2), x, Tanh.tanh(w), builder.splat(Shape.of(3), 4));
    Weights weights = Weights.of(Map.of("w", Literal.of(TensorType.real(2), 0, 5)));
    try (CudaEngine engine = EmulatedEngines.open(precision)) {
      List<HostTensor> results =
          engine.evaluate(graph, weights, List.of(HostTensor.of(x.shape(), 1.0, 2.0)));
      assertArrayEquals(new double[] {1, 7}, results.get(0).doubles());
      assertArrayEquals(new double[] {1, 7}, results.get(1).doubles());
      assertArrayEquals(new double[] {1, 2}, results.get(2).doubles());
      assertArrayEquals(new double[] {0, Math.tanh(5)}, results.get(3).doubles(), 1e-7);
      assertArrayEquals(new double[] {4, 4, 4}, results.get(4).doubles());
    }
  }

  @Test
  void whatRunsOnTheSameTensorsIsReplayedAndStillReadsThem() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2, 2));
    Value y = MatMul.matMul(Exp.exp(x), x);
    Graph graph = builder.build(Exp.exp(y), x);
    try (CudaEngine engine = EmulatedEngines.open(Precision.DOUBLE);
        Executable executable = engine.prepare(graph, Weights.none());
        DeviceTensor input = engine.allocate(x.shape());
        DeviceTensor result = engine.allocate(x.shape());
        DeviceTensor copy = engine.allocate(x.shape())) {
      for (int run = 0; run < 6; run++) {
        double[] values = Vectors.normal(new Random(run), 4);
        input.write(HostTensor.of(x.shape(), values));
        executable.run(List.of(input), List.of(result, copy));
        List<double[]> expected = Runs.reference(graph, List.of(values));
        assertArrayEquals(expected.get(0), result.read().doubles(), 1e-12);
        assertArrayEquals(values, copy.read().doubles());
      }
    }
  }

  @Test
  void aTooSmallDeviceIsAMatterOfResources() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(64, 64));
    Graph graph = builder.build(MatMul.matMul(MatMul.matMul(x, x), x));
    HostGpu gpu = new HostGpu(Precision.DOUBLE, 30_000);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      TangentsException plan =
          assertThrows(TangentsException.class, () -> engine.prepare(graph, Weights.none()));
      assertEquals(Category.RESOURCE, plan.category());
      assertTrue(plan.getMessage().startsWith("Plan of "), plan.getMessage());
      TangentsException tensor =
          assertThrows(TangentsException.class, () -> engine.allocate(Shape.of(64, 64)));
      assertEquals(Category.RESOURCE, tensor.category());
      assertTrue(
          tensor.getMessage().startsWith("Tensor [64, 64]: needs 32,768 bytes"),
          tensor.getMessage());
      assertEquals(0, gpu.blocks());
    }
  }

  @Test
  void aRowNumberThatIsInNoTableIsNamedAndTheNextRunIsFine() {
    GraphBuilder builder = new GraphBuilder();
    Value table = builder.input("table", TensorType.real(3, 2));
    Value ids = builder.input("ids", TensorType.real(2));
    Graph graph = builder.build(Gather.gather(table, ids));
    double[] rows = {0, 1, 10, 11, 20, 21};
    try (CudaEngine engine = EmulatedEngines.open(Precision.FLOAT);
        Executable executable = engine.prepare(graph, Weights.none());
        DeviceTensor first = engine.allocate(table.shape());
        DeviceTensor second = engine.allocate(ids.shape());
        DeviceTensor result = engine.allocate(Shape.of(2, 2))) {
      first.write(HostTensor.of(table.shape(), rows));
      second.write(HostTensor.of(ids.shape(), 0.0, 3));
      TangentsException e =
          assertThrows(
              TangentsException.class,
              () -> executable.run(List.of(first, second), List.of(result)));
      assertEquals(Category.DATA, e.category());
      assertEquals("gather: no row 3.0 in a table of 3 rows; expected -3 to 2", e.getMessage());
      second.write(HostTensor.of(ids.shape(), -1.0, 0));
      executable.run(List.of(first, second), List.of(result));
      assertArrayEquals(new double[] {20, 21, 0, 1}, result.read().doubles());
    }
  }

  @Test
  void rowsShareMemoryAndAnOutboundCopyHasTheirNumbers() {
    Shape shape = Shape.of(4, 3);
    try (CudaEngine engine = EmulatedEngines.open(Precision.FLOAT);
        DeviceTensor whole = engine.allocate(shape);
        Outbound outbound = engine.outbound(48)) {
      whole.write(HostTensor.of(shape, 0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
      DeviceTensor middle = whole.rows(1, 3).rows(1, 2);
      assertArrayEquals(new double[] {6, 7, 8}, middle.read().doubles());
      middle.write(HostTensor.of(Shape.of(1, 3), 0.0, 0, 0));
      outbound.start(whole.rows(1, 3));
      float[] copied = new float[6];
      outbound.await().asFloatBuffer().get(copied);
      assertArrayEquals(new float[] {3, 4, 5, 0, 0, 0}, copied);
    }
  }

  @Test
  void aChainOfElementwiseStepsIsOneKernelAndNeedsNoMemory() {
    GraphBuilder builder = new GraphBuilder();
    Value y = builder.input("x", TensorType.real(1000));
    for (int i = 0; i < 10; i++) {
      y = Reshape.reshape(Tanh.tanh(y), i % 2 == 0 ? new long[] {10, 100} : new long[] {1000});
    }
    HostGpu gpu = new HostGpu(Precision.FLOAT);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      Graph graph = builder.build(y);
      engine.evaluate(
          graph, Weights.none(), List.of(HostTensor.of(Shape.of(1000), new double[1000])));
      assertEquals(1, gpu.work().kernels());
    }
  }

  @Test
  void productsAreCountedWithTheTimeThatTheyTakeAtPeak() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(6, 5));
    Graph graph = builder.build(MatMul.matMulTransposed(x, x));
    try (CudaEngine engine = EmulatedEngines.open(Precision.FLOAT)) {
      engine.evaluate(graph, Weights.none(), List.of(HostTensor.of(x.shape(), new double[30])));
      DeviceWork work = engine.deviceWork();
      assertEquals(2.0 * 6 * 6 * 5, work.flops());
      assertEquals(work.flops() / engine.peakFlops(Arithmetic.STRICT), work.peakSeconds(), 1e-20);
    }
  }
}
