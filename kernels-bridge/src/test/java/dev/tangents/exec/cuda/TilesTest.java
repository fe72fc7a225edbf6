package dev.tangents.exec.cuda;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
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
import dev.tangents.op.shape.Slice;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
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

  private static List<double[]> inputs(Graph graph) {
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

  private static Model model(String network) {
    return Models.load(
        network + "?param=ntk&bias=true&seed=4",
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  private static KernelPlan plan(Model model) {
    List<String> parameters =
        model.graph().parameters().stream().map(Node.Parameter::name).toList();
    return KernelPlan.of(model.graph(), new KernelRequest(KernelKind.TRACE, false, parameters));
  }

  private static double[] kernel(Engine engine, Model model, Arithmetic arithmetic) {
    HostTensor x = HostTensor.of(Shape.of(6, 3), Vectors.normal(new Random(1), 18));
    try (engine;
        GramKernel kernel = new GramKernel(engine, plan(model), model.weights(), 4);
        Panel panel = kernel.panel(x)) {
      return kernel.tile(panel, panel, arithmetic).block(0).read().doubles();
    }
  }

  /** X Y^T o 1 (2 Y)^T: a tile of which three factors are inputs, and one is computed. */
  private static Graph ofInputs(int rows, int columns, int width) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(rows, width));
    Value y = builder.input("y", TensorType.real(columns, width));
    Value ones = builder.splat(Shape.of(rows, width), 1);
    Value sums = MatMul.matMulTransposed(ones, Mul.scale(y, 2));
    return builder.build(Mul.mul(MatMul.matMulTransposed(x, y), sums));
  }

  @Test
  void aFactorIsPackedAnewOnlyWhenItHasChanged() {
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 24);
    Graph graph = ofInputs(ROWS, COLUMNS, 3);
    try (CudaEngine engine = new CudaEngine(gpu);
        Executable tile = engine.prepare(graph, Weights.none(), Arithmetic.TF32X3);
        Executable twice = engine.prepare(doubled(), Weights.none());
        DeviceTensor x = engine.allocate(Shape.of(ROWS, 3));
        DeviceTensor y = engine.allocate(Shape.of(COLUMNS, 3));
        DeviceTensor result = engine.allocate(Shape.of(ROWS, COLUMNS))) {
      for (int run = 0; run < 8; run++) {
        List<double[]> values = inputs(graph);
        for (double[] value : values) {
          value[0] += run - run % 2;
        }
        if (run % 2 == 0) {
          x.write(HostTensor.of(x.shape(), values.get(0)));
          y.write(HostTensor.of(y.shape(), values.get(1)));
        }
        int before = gpu.packs();
        tile.run(List.of(x, y), List.of(result));
        int computed = run < 3 ? 2 : 0; // recorded by the third, then replayed
        assertEquals(run % 2 == 0 ? 2 + computed : computed, gpu.packs() - before, "run " + run);
        List<double[]> found = List.of(result.read().doubles());
        assertClose(Runs.reference(graph, values), found, 1e-5, "run " + run);
      }
      twice.run(List.of(y), List.of(x.rows(0, COLUMNS - ROWS)));
      int before = gpu.packs();
      tile.run(List.of(x, y), List.of(result));
      assertEquals(1, gpu.packs() - before, "x is a result now, y has not changed");
      List<double[]> now = List.of(x.read().doubles(), y.read().doubles());
      List<double[]> found = List.of(result.read().doubles());
      assertClose(Runs.reference(graph, now), found, 1e-5, "a result");
    }
    assertEquals(0, gpu.blocks());
  }

  private static Graph doubled() {
    GraphBuilder builder = new GraphBuilder();
    Value y = builder.input("y", TensorType.real(COLUMNS, 3));
    Value first = Slice.slice(y, 0, 0, COLUMNS - ROWS);
    return builder.build(Mul.scale(first, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 256, 3})
  void rowsOfATensorHaveTheirPartOfItsPackedForm(int from) {
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 26);
    int all = 300;
    int width = 70;
    double[] numbers = Vectors.normal(new Random(2), (long) all * width);
    try (CudaEngine engine = new CudaEngine(gpu);
        DeviceTensor x = engine.allocate(Shape.of(all, width));
        DeviceTensor result = engine.allocate(Shape.of(all - from, all))) {
      x.write(HostTensor.of(x.shape(), numbers));
      for (Arithmetic arithmetic : List.of(Arithmetic.TF32X3, Arithmetic.BF16)) {
        Graph graph = ofInputs(all - from, all, width);
        try (Executable tile = engine.prepare(graph, Weights.none(), arithmetic)) {
          tile.run(List.of(x.rows(from, all), x), List.of(result));
        }
        double[] part = Arrays.copyOfRange(numbers, from * width, numbers.length);
        double tolerance = arithmetic == Arithmetic.BF16 ? 2e-2 : 1e-5; // of the largest
        List<double[]> found = List.of(result.read().doubles());
        assertClose(Runs.reference(graph, List.of(part, numbers)), found, tolerance, "rows");
      }
      int computed = 4; // two factors in each arithmetic
      assertEquals(computed + (from % Pieces.ROWS == 0 ? 2 : 4), gpu.packs());
    }
  }

  @Test
  void packedFormsAreCountedBeforeARunBegins() {
    Model model = model("mlp:3-64-1:relu");
    long cache = 1 << 20;
    try (CudaEngine engine = new CudaEngine(new HostGpu(Precision.FLOAT, 2 * cache));
        GramKernel kernel = new GramKernel(engine, plan(model), model.weights(), 4)) {
      kernel.rehearse(8, 8, cache, 1, Set.of(Arithmetic.STRICT), true);
      Set<Arithmetic> both = Set.of(Arithmetic.STRICT, Arithmetic.TF32X3);
      TangentsException e =
          assertThrows(TangentsException.class, () -> kernel.rehearse(8, 8, cache, 1, both, true));
      assertEquals(Category.RESOURCE, e.category());
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
