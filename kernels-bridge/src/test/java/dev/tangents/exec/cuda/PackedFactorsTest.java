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
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.Panel;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Slice;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packed forms of factors: made once, made anew when their tensor changes, counted. */
class PackedFactorsTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 7;

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
        List<double[]> values = TilesTest.inputs(graph);
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
  void whatARunWritesIsNotUpToDateThoughItWasPackedForIt() {
    int half = Pieces.ROWS;
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 24);
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(half, 3));
    Value y = builder.input("y", TensorType.real(5, 3));
    Value ones = builder.splat(Shape.of(half, 3), 1);
    Value sums = MatMul.matMulTransposed(ones, y);
    Graph graph = builder.build(Mul.mul(MatMul.matMulTransposed(x, y), sums), Mul.scale(x, 3));
    List<double[]> values = TilesTest.inputs(graph);
    try (CudaEngine engine = new CudaEngine(gpu);
        Executable tile = engine.prepare(graph, Weights.none(), Arithmetic.TF32X3);
        DeviceTensor both = engine.allocate(Shape.of(2L * half, 3));
        DeviceTensor small = engine.allocate(Shape.of(5, 3));
        DeviceTensor result = engine.allocate(Shape.of(half, 5));
        DeviceTensor other = engine.allocate(Shape.of(half, 3))) {
      DeviceTensor first = both.rows(0, half);
      DeviceTensor second = both.rows(half, 2L * half);
      first.write(HostTensor.of(first.shape(), values.get(0)));
      small.write(HostTensor.of(small.shape(), values.get(1)));
      tile.run(List.of(first, small), List.of(result, second)); // writes beside what it reads
      tile.run(List.of(second, small), List.of(result, other));
      List<double[]> now = List.of(second.read().doubles(), values.get(1));
      double[] expected = Runs.reference(graph, now).get(0);
      assertClose(List.of(expected), List.of(result.read().doubles()), 1e-5, "second half");
    }
  }

  @Test
  void allStripsOfAPanelShareItsPackedForms() {
    int rows = 600; // strips of 300 rows, were it not for pieces of 128
    Model model = TilesTest.model("mlp:3-2-1:relu");
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 28);
    HostTensor x = HostTensor.of(Shape.of(rows, 3), Vectors.normal(new Random(1), rows * 3L));
    try (CudaEngine engine = new CudaEngine(gpu);
        GramKernel kernel = TilesTest.kernel(engine, model);
        Panel panel = kernel.panel(x)) {
      double[] whole = kernel.tile(panel, panel, Arithmetic.TF32X3).block(0).read().doubles();
      int once = gpu.packs();
      double[] half = kernel.diagonal(panel, Arithmetic.TF32X3).read(0).doubles();
      assertEquals(once, gpu.packs());
      assertArrayEquals(whole, half, 1e-5);
    }
  }

  /** The second copy goes to the memory of the first, whose packed forms it must not take. */
  @Test
  void aCopyOfAPanelGivesItsTile() {
    Model model = TilesTest.model("mlp:3-5-1:tanh");
    HostGpu gpu = new HostGpu(Precision.FLOAT, 1 << 26);
    Random random = new Random(3);
    try (CudaEngine engine = new CudaEngine(gpu);
        GramKernel first = TilesTest.kernel(engine, model);
        GramKernel second = TilesTest.kernel(engine, model)) {
      for (int run = 0; run < 3; run++) {
        HostTensor x = HostTensor.of(Shape.of(6, 3), Vectors.normal(random, 6 * 3L));
        try (Panel panel = first.panel(x);
            Panel copy = second.copy(panel)) {
          double[] expected = first.tile(panel, panel, Arithmetic.TF32X3).read(0).doubles();
          int before = gpu.packs();
          assertArrayEquals(expected, second.tile(copy, copy, Arithmetic.TF32X3).read(0).doubles());
          assertTrue(gpu.packs() > before, "run " + run);
        }
      }
    }
  }

  /** Memory of another device is not there. */
  @Test
  void tensorsOfAnotherDeviceAreNotCopied() {
    try (CudaEngine engine = new CudaEngine(new HostGpu(Precision.FLOAT));
        CudaEngine other = new CudaEngine(new HostGpu(Precision.FLOAT));
        DeviceTensor here = engine.allocate(Shape.of(2, 3));
        DeviceTensor there = other.allocate(Shape.of(2, 3));
        DeviceTensor large = engine.allocate(Shape.of(2, 4))) {
      for (DeviceTensor wrong : List.of(there, large)) {
        TangentsException e = assertThrows(TangentsException.class, () -> here.copy(wrong));
        assertEquals(Category.INTERNAL, e.category());
      }
    }
  }

  @Test
  void packedFormsAreCountedBeforeARunBegins() {
    Model model = TilesTest.model("mlp:3-64-1:relu");
    int rows = 256;
    Set<Arithmetic> both = Set.of(Arithmetic.STRICT, Arithmetic.TF32X3);
    HostTensor x = HostTensor.of(Shape.of(rows, 3), Vectors.normal(new Random(1), rows * 3L));
    long enoughWithoutThem;
    try (CudaEngine engine = new CudaEngine(new HostGpu(Precision.FLOAT));
        GramKernel kernel = TilesTest.kernel(engine, model)) {
      kernel.rehearse(rows, rows, 0, 1, both, false);
      long before = engine.liveBytes();
      try (Panel panel = kernel.panel(x)) {
        kernel.tile(panel, panel, Arithmetic.TF32X3);
        long taken = engine.liveBytes() - before;
        long counted = kernel.panelBytes(rows) + kernel.packedBytes(rows, both);
        assertTrue(taken <= counted && counted < 1.1 * taken, taken + " of " + counted);
      }
      enoughWithoutThem = before + 2 * kernel.panelBytes(rows) + (64 << 10);
    }
    try (CudaEngine engine = new CudaEngine(new HostGpu(Precision.FLOAT, enoughWithoutThem));
        GramKernel kernel = TilesTest.kernel(engine, model)) {
      kernel.rehearse(rows, rows, 0, 1, Set.of(Arithmetic.STRICT), false);
      TangentsException e =
          assertThrows(
              TangentsException.class, () -> kernel.rehearse(rows, rows, 0, 1, both, false));
      assertEquals(Category.RESOURCE, e.category());
    }
  }
}
