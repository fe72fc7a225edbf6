package dev.tangents.exec.cuda;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Panel;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiles are found, become one step, and have the reference's numbers. */
class TilesTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 7;

  /** (A A'^T + 1) o (D D'^T) + 0.5 (G G'^T + 1) + (E E'^T) o (F F'^T), in the shape [1, n, m]. */
  private static Graph tile(boolean shared) {
    GraphBuilder builder = new GraphBuilder();
    Value first = Mul.mul(Add.add(gram(builder, "a", 11), ones(builder)), gram(builder, "d", 3));
    Value plain = gram(builder, "g", 4);
    Value last = Mul.mul(gram(builder, "e", 2), gram(builder, "f", 1));
    Value sum = Add.add(Add.add(first, Mul.scale(Add.add(plain, ones(builder)), 0.5)), last);
    Value result = Reshape.reshape(sum, 1, ROWS, COLUMNS);
    return shared ? builder.build(result, plain) : builder.build(result);
  }

  private static Value ones(GraphBuilder builder) {
    return builder.splat(TensorType.real(ROWS, COLUMNS).shape(), 1);
  }

  private static Value gram(GraphBuilder builder, String name, int width) {
    Value x = builder.input(name, TensorType.real(ROWS, width));
    Value y = builder.input(name + "'", TensorType.real(COLUMNS, width));
    return MatMul.matMulTransposed(x, y);
  }

  static List<double[]> inputs(Graph graph) {
    Random random = new Random(3);
    List<double[]> inputs = new ArrayList<>();
    graph.inputs().forEach(i -> inputs.add(Vectors.normal(random, i.type().shape().size())));
    return inputs;
  }

  private static List<double[]> run(
      Engine engine, Graph graph, List<double[]> inputs, Arithmetic arithmetic) {
    List<DeviceTensor> in = new ArrayList<>();
    List<DeviceTensor> out = new ArrayList<>();
    try (Executable executable = engine.prepare(graph, Weights.none(), arithmetic)) {
      for (int i = 0; i < inputs.size(); i++) {
        Shape shape = graph.inputs().get(i).type().shape();
        in.add(engine.allocate(shape));
        in.get(i).write(HostTensor.of(shape, inputs.get(i)));
      }
      graph.outputTypes().forEach(type -> out.add(engine.allocate(type.shape())));
      executable.run(in, out);
      return out.stream().map(tensor -> tensor.read().doubles()).toList();
    } finally {
      in.forEach(DeviceTensor::close);
      out.forEach(DeviceTensor::close);
    }
  }

  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void aTileIsOneStep(Arithmetic arithmetic) {
    Graph graph = tile(false);
    List<double[]> inputs = inputs(graph);
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 20);
    double tolerance =
        switch (arithmetic) {
          case STRICT, TF32X3 -> 1e-6; // relative to the largest, which is near 50
          case TF32 -> 2e-3;
          case BF16 -> 2e-2;
        };
    try (CudaEngine engine = new CudaEngine(gpu)) {
      List<double[]> found = run(engine, graph, inputs, arithmetic);
      assertClose(Runs.reference(graph, inputs), found, tolerance, arithmetic.label());
    }
    assertEquals(arithmetic == Arithmetic.STRICT ? 0 : 1, gpu.tiles());
    if (arithmetic != Arithmetic.STRICT) {
      assertEquals(0, gpu.work().products(), "a product was formed beside the tile");
    }
  }

  /** Seven products by a library, and one kernel that reads them all. */
  @Test
  void aStrictTileOfFourLayersIsAddedUpInOneKernel() {
    GraphBuilder builder = new GraphBuilder();
    Value sum = gram(builder, "last", 4);
    for (String layer : List.of("first", "second", "third")) {
      Value left = Add.add(gram(builder, layer + " a", 3), ones(builder));
      sum = Add.add(sum, Mul.mul(left, gram(builder, layer + " d", 2)));
    }
    Graph graph = builder.build(sum);
    List<double[]> inputs = inputs(graph);
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 20);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      List<double[]> found = run(engine, graph, inputs, Arithmetic.STRICT);
      assertClose(Runs.reference(graph, inputs), found, 1e-6, "four layers");
    }
    assertEquals(1, gpu.kernels().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp:3-5-4-1:tanh", "mlp:3-5-4-2:relu"})
  void theTileOfANetworksKernelIsOneStep(String network) {
    Model model = model(network);
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 22);
    double[] expected = kernel(new ReferenceEngine(), model, Arithmetic.STRICT);
    double[] found = kernel(new CudaEngine(gpu), model, Arithmetic.TF32X3);
    assertClose(List.of(expected), List.of(found), 2e-5, network);
    assertEquals(1, gpu.tiles());
  }

  static Model model(String network) {
    return Models.load(
        network + "?param=ntk&bias=true&seed=4",
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  static KernelPlan plan(Model model) {
    List<String> parameters =
        model.graph().parameters().stream().map(Node.Parameter::name).toList();
    return KernelPlan.of(model.graph(), new KernelRequest(KernelKind.TRACE, false, parameters));
  }

  static GramKernel kernel(Engine engine, Model model) {
    return new GramKernel(engine, plan(model), model.weights(), 4);
  }

  private static double[] kernel(Engine engine, Model model, Arithmetic arithmetic) {
    HostTensor x = HostTensor.of(Shape.of(6, 3), Vectors.normal(new Random(1), 18));
    try (engine;
        GramKernel kernel = new GramKernel(engine, plan(model), model.weights(), 4);
        Panel panel = kernel.panel(x)) {
      return kernel.tile(panel, panel, arithmetic).block(0).read().doubles();
    }
  }

  @Test
  void aGramMatrixThatSomeoneElseReadsIsFormed() {
    Graph graph = tile(true);
    List<double[]> inputs = inputs(graph);
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 20);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      List<double[]> found = run(engine, graph, inputs, Arithmetic.TF32X3);
      assertClose(Runs.reference(graph, inputs), found, 1e-6, "shared");
    }
    assertTrue(gpu.work().products() > 0);
  }

  @Test
  void threeProductsOfTf32AreAsGoodAsFloats() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      float x = (float) random.nextGaussian();
      float y = (float) random.nextGaussian();
      double error = HostTile.product(Arithmetic.TF32X3, x, y) - (double) x * y;
      assertTrue(Math.abs(error) <= Math.abs((double) x * y) * 0x1p-21, x + " times " + y);
    }
  }
}
