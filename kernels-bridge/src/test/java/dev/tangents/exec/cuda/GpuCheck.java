package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.Interpreter;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.Panel;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.RandomGraphs;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * What a machine with a GPU has to show, in minutes: every primitive and random networks against
 * the reference, tiles against double, a replayed plan, and rates. Prints a line a check; its exit
 * code is the number of failures. docs/gpu.md says how to run it.
 */
public final class GpuCheck {
  private static final int REPEATS = 10;
  private static final int COPIES = 50;

  private final PrintStream out;
  private final int ordinal;
  private final String part;
  private int failures;

  private GpuCheck(PrintStream out, int ordinal, String part) {
    this.out = out;
    this.ordinal = ordinal;
    this.part = part;
  }

  /**
   * Checks device 0, or the one whose number is given; all, or the checks whose names have the
   * second argument in them ({@code tile} is what compute-sanitizer has the time for).
   */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    CudaDevices devices = CudaDevices.visible();
    out.println(devices);
    if (devices.list().isEmpty()) {
      System.exit(1);
    }
    int ordinal = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    GpuCheck check = new GpuCheck(out, ordinal, arguments.length > 1 ? arguments[1] : "");
    check.run();
    System.exit(check.failures);
  }

  private void run() {
    for (Precision precision : Precision.values()) {
      check(precision + " primitives", () -> primitives(precision));
      check(precision + " random networks", () -> networks(precision));
      check(precision + " replay", () -> replay(precision));
    }
    for (Arithmetic arithmetic : Arithmetic.values()) {
      check(arithmetic.label() + " tile", () -> tile(arithmetic));
    }
    check("panels between engines", this::copies);
    for (Arithmetic arithmetic : Arithmetic.values()) {
      check(arithmetic.label() + " rates", () -> rates(arithmetic));
    }
  }

  private interface Check {
    String run();
  }

  private void check(String name, Check check) {
    if (!name.contains(part)) {
      return;
    }
    long start = System.nanoTime();
    try {
      String result = check.run();
      out.printf("ok    %s: %s (%.1f s)%n", name, result, (System.nanoTime() - start) / 1e9);
    } catch (RuntimeException | AssertionError e) {
      failures++;
      out.printf("FAIL  %s: %s%n", name, e);
    }
  }

  private String primitives(Precision precision) {
    double worst = 0;
    try (CudaEngine engine = CudaEngine.open(ordinal, precision)) {
      for (PrimitiveCase line : PrimitiveTable.all()) {
        List<double[]> x = line.sample(new Random(1));
        double error = error(Runs.reference(line.graph(), x), on(engine, line.graph(), x));
        require(error <= tolerance(precision), line + ": error " + error);
        worst = Math.max(worst, error);
      }
      return "largest error %.1e on %s, %s".formatted(worst, engine.describe(), engine.work());
    }
  }

  /** Two threads, each with an engine, give one another's panels their tiles, all the time. */
  private String copies() {
    Model model = TilesTest.model("mlp:784-256-1:relu");
    HostTensor x = HostTensor.of(Shape.of(512, 784), Vectors.normal(new Random(4), 512L * 784));
    try (CudaEngine first = CudaEngine.open(ordinal, Precision.FLOAT);
        CudaEngine second = CudaEngine.open(ordinal, Precision.FLOAT);
        GramKernel held = TilesTest.kernel(first, model);
        GramKernel other = TilesTest.kernel(second, model);
        Panel panel = held.panel(x)) {
      require(second.shares(), "engines on a device do not share its memory");
      float[] expected = held.tile(panel, panel).read(0).floats();
      CompletableFuture<Void> busy =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < COPIES; i++) {
                  held.tile(panel, panel).read(0);
                }
              });
      try {
        for (int i = 0; i < COPIES; i++) {
          try (Panel copy = other.copy(panel)) {
            float[] found = other.tile(copy, copy).read(0).floats();
            require(Arrays.equals(expected, found), "copy " + i + " gives other bits");
          }
        }
      } finally {
        busy.join();
      }
    }
    return COPIES + " copies, the same bits";
  }

  private String networks(Precision precision) {
    double worst = 0;
    try (CudaEngine engine = CudaEngine.open(ordinal, precision)) {
      for (long seed = 0; seed < 50; seed++) {
        Graph graph = RandomGraphs.of(seed, 14);
        Weights weights = RandomGraphs.weights(seed);
        Random random = new Random(seed);
        List<double[]> x = List.of(Vectors.normal(random, 6), Vectors.normal(random, 3));
        List<double[]> found = Runs.on(engine, graph, weights, x);
        double error = error(Runs.reference(graph, weights, x), found);
        require(error <= 50 * tolerance(precision), "seed " + seed + ": error " + error);
        worst = Math.max(worst, error);
      }
    }
    return "largest error %.1e".formatted(worst);
  }

  private String replay(Precision precision) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(64, 64));
    Graph graph = builder.build(MatMul.matMul(MatMul.matMul(x, x), x));
    try (CudaEngine engine = CudaEngine.open(ordinal, precision);
        Executable executable = engine.prepare(graph, Weights.none());
        DeviceTensor in = engine.allocate(x.shape());
        DeviceTensor result = engine.allocate(x.shape())) {
      for (int run = 0; run < 6; run++) {
        double[] values = Vectors.normal(new Random(run), 64 * 64);
        Arrays.setAll(values, i -> values[i] / 64);
        in.write(HostTensor.of(x.shape(), values));
        executable.run(List.of(in), List.of(result));
        double error =
            error(Runs.reference(graph, List.of(values)), List.of(result.read().doubles()));
        require(error <= tolerance(precision), "run " + run + ": error " + error);
      }
    }
    return "six runs";
  }

  /** A tile with edges that fill no share, its fused kernel against sums in double. */
  private String tile(Arithmetic arithmetic) {
    TileSum tile = Ragged.tile(arithmetic);
    Random random = new Random(7);
    List<float[]> factors = new ArrayList<>();
    for (int width : new int[] {784, 1024, 10, 1023, 1}) {
      factors.add(floats(random, tile.n() * width));
      factors.add(floats(random, tile.m() * width));
    }
    float[] found = new float[tile.n() * tile.m()];
    try (DriverGpu gpu = DriverGpu.open(ordinal, Precision.FLOAT)) {
      long[] addresses = new long[factors.size() + 1];
      for (int i = 0; i < factors.size(); i++) {
        float[] factor = factors.get(i);
        int rows = i % 2 == 0 ? tile.n() : tile.m();
        long plain = gpu.allocate(4L * factor.length);
        gpu.write(plain, factor);
        addresses[i] = packed(gpu, plain, rows, factor.length / rows, arithmetic);
      }
      addresses[factors.size()] = gpu.allocate(4L * found.length);
      Gpu.Program program = gpu.compile(tile);
      program.launch(0, addresses);
      gpu.read(addresses[factors.size()], found);
      program.close();
      Arrays.stream(addresses).forEach(gpu::free);
    }
    double[] exact = new double[found.length];
    List<Interpreter.Buffer> buffers = new ArrayList<>();
    factors.forEach(factor -> buffers.add(buffer(factor)));
    buffers.add(buffer(exact));
    HostTile.run(
        new TileSum(tile.n(), tile.m(), tile.offset(), tile.terms(), Arithmetic.STRICT), buffers);
    double error =
        error(List.of(exact), List.of(HostTensor.of(Shape.of(found.length), found).doubles()));
    double allowed =
        switch (arithmetic) {
          case STRICT, TF32X3 -> 3e-6;
          case TF32 -> 3e-3;
          case BF16 -> 3e-2;
        };
    require(error <= allowed, "error " + error);
    return "largest error %.1e of the largest element".formatted(error);
  }

  /** A factor as the device's tiles read it; frees the plain one where that is another. */
  private static long packed(Gpu gpu, long plain, int rows, int inner, Arithmetic arithmetic) {
    long bytes = gpu.packedBytes(rows, inner, arithmetic);
    if (bytes == 0) {
      return plain;
    }
    long packed = gpu.allocate(bytes);
    gpu.pack(plain, rows, inner, arithmetic, packed);
    gpu.synchronise();
    gpu.free(plain);
    return packed;
  }

  /** Rates of a product 4,096 x 4,096 x 1,024 and of a tile of three such layers. */
  private String rates(Arithmetic arithmetic) {
    int n = 4096;
    int k = 1024;
    TileSum.Term term = new TileSum.Term(k, k, 1, 1);
    TileSum tile = new TileSum(n, n, 0, List.of(term, term, term), arithmetic);
    try (DriverGpu gpu = DriverGpu.open(ordinal, Precision.FLOAT)) {
      long factor = gpu.allocate(4L * n * k);
      long result = gpu.allocate(4L * n * n);
      gpu.write(factor, floats(new Random(1), n * k));
      Gemm gemm = new Gemm(true, false, n, n, k, k, k, 0, 0, 1);
      double product = seconds(gpu, () -> gpu.gemm(gemm, arithmetic, factor, factor, result));
      Gpu.Program program = gpu.compile(tile);
      long[] addresses = new long[13];
      long operand = packed(gpu, factor, n, k, arithmetic);
      Arrays.fill(addresses, operand);
      addresses[12] = result;
      double fused = seconds(gpu, () -> program.launch(0, addresses));
      program.close();
      gpu.free(operand);
      gpu.free(result);
      return "cuBLAS %.1f, fused tile %.1f TFLOP/s"
          .formatted(gemm.flops() / product / 1e12, tile.flops() / fused / 1e12);
    }
  }

  private static double seconds(Gpu gpu, Runnable work) {
    work.run();
    work.run();
    gpu.synchronise();
    long start = System.nanoTime();
    for (int i = 0; i < REPEATS; i++) {
      work.run();
    }
    gpu.synchronise();
    return (System.nanoTime() - start) / 1e9 / REPEATS;
  }

  private static List<double[]> on(Engine engine, Graph graph, List<double[]> x) {
    return Runs.on(engine, graph, Weights.none(), x);
  }

  private static double tolerance(Precision precision) {
    return precision == Precision.DOUBLE ? 1e-12 : 2e-5;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Largest difference, relative to 1 or to the largest number; a NaN on one side alone is 1e9. */
  private static double error(List<double[]> expected, List<double[]> found) {
    double largest = 1;
    double worst = 0;
    for (int k = 0; k < expected.size(); k++) {
      for (int i = 0; i < expected.get(k).length; i++) {
        double e = expected.get(k)[i];
        double f = found.get(k)[i];
        if (Double.isNaN(e) || Double.isNaN(f) || Double.isInfinite(e)) {
          worst = Double.compare(e, f) == 0 ? worst : 1e9;
        } else {
          largest = Math.max(largest, Math.abs(e));
          worst = Math.max(worst, Math.abs(e - f));
        }
      }
    }
    return worst / largest;
  }

  private static float[] floats(Random random, int count) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static Interpreter.Buffer buffer(float[] values) {
    return new Interpreter.Buffer() {
      @Override
      public double get(int index) {
        return values[index];
      }

      @Override
      public void put(int index, double value) {
        values[index] = (float) value;
      }
    };
  }

  private static Interpreter.Buffer buffer(double[] values) {
    return new Interpreter.Buffer() {
      @Override
      public double get(int index) {
        return values[index];
      }

      @Override
      public void put(int index, double value) {
        values[index] = value;
      }
    };
  }
}
