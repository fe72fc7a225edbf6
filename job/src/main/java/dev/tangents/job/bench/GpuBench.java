package dev.tangents.job.bench;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.CudaDevice;
import dev.tangents.exec.cuda.CudaDevices;
import dev.tangents.exec.cuda.CudaEngine;
import dev.tangents.exec.cuda.LargeProduct;
import dev.tangents.exec.cuda.Outbound;
import dev.tangents.importer.Model;
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
import dev.tangents.kernel.SampleError;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.Engines;
import dev.tangents.udfs.executor.GpuRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code tangents bench gpu}: all tiles of the trace kernels of MLPs over N samples in float, in
 * each arithmetic, by turns with a large matrix product of cuBLAS in the same arithmetic; how far
 * the first tile is from the strict one; network passes; copies to and from the host. Tiles stay on
 * the device. Operations of a tile are the products and the elementwise passes of its strict graph,
 * whatever kernels form them.
 */
public final class GpuBench implements AutoCloseable {
  /** The networks that the goals are stated for. */
  static final List<String> NETWORKS =
      List.of(
          "mlp:784-1024-1024-1024-1:relu?param=ntk&bias=true&seed=1",
          "mlp:784-1024-1024-1024-10:relu?param=ntk&bias=true&seed=1");

  private static final int ROUNDS = 3;

  private final Engine engine;
  private final Set<Arithmetic> arithmetics;
  private final Sizes sizes;
  private final Workbench bench;
  private final Map<Arithmetic, Runnable> products = new EnumMap<>(Arithmetic.class);
  private final DeviceTensor flag;
  private final List<Row> rows = new ArrayList<>();

  /**
   * How large everything is.
   *
   * @param samples N, at least; whole tiles of them are taken
   * @param tile samples on a side of a tile
   * @param microBatch samples in one network pass
   * @param product rows, columns and inner extent of the matrix product
   * @param copied bytes of a copy
   */
  record Sizes(int samples, int tile, int microBatch, int product, int copied) {
    private static final int TILE = 8192;

    /** The sizes of a run of {@code gram} over so many samples. */
    static Sizes of(long samples) {
      int tile = (int) Math.min(samples, TILE);
      return new Sizes(Math.toIntExact(samples), tile, Math.min(tile, 256), 8192, 256 << 20);
    }

    int panels() {
      return samples / tile;
    }
  }

  GpuBench(Engine engine, Set<Arithmetic> arithmetics, Sizes sizes) {
    this.engine = engine;
    this.arithmetics = arithmetics;
    this.sizes = sizes;
    this.bench = new Workbench(engine);
    this.flag = bench.tensor(HostTensor.of(Shape.of(1), new float[1]));
  }

  /**
   * Measures on the engine {@code cuda}, as {@code gram} over so many samples would run.
   *
   * @param note takes what it runs on, for the user
   * @throws dev.tangents.error.TangentsException of category SETUP if there is no device, or a
   *     library is missing, saying what to do
   */
  public static List<Row> run(GpuRequest request, long samples, Consumer<String> note) {
    Engines.requireDevice(EngineName.CUDA, request, Arithmetic.STRICT);
    CudaDevice device = request.choose(CudaDevices.visible());
    note.accept(device.toString());
    try (Engine engine = CudaEngine.open(device.ordinal(), Precision.FLOAT)) {
      note.accept(engine.describe());
      Sizes sizes = Sizes.of(samples);
      try (GpuBench gpu = new GpuBench(engine, device.arithmetics(), sizes)) {
        for (Arithmetic arithmetic : gpu.arithmetics) {
          gpu.products.put(arithmetic, gpu.product(device.ordinal(), arithmetic));
        }
        return gpu.measure(NETWORKS);
      }
    }
  }

  /**
   * A large product by cuBLAS, the baseline of an arithmetic; of 3xTF32, which cuBLAS lacks, the
   * strict one.
   */
  private Runnable product(int ordinal, Arithmetic arithmetic) {
    return arithmetic == Arithmetic.TF32X3
        ? products.get(Arithmetic.STRICT)
        : bench.own(LargeProduct.open(ordinal, sizes.product(), arithmetic));
  }

  /**
   * Measures on any engine, beside products by the same engine.
   *
   * @param arithmetics that the engine's device has
   * @param networks in one string each, of one input
   * @throws dev.tangents.error.TangentsException of category RESOURCE if the device has too little
   *     memory for the factors of all samples
   */
  static List<Row> run(
      Engine engine, Set<Arithmetic> arithmetics, Sizes sizes, List<String> networks) {
    try (GpuBench gpu = new GpuBench(engine, arithmetics, sizes)) {
      gpu.prepareProducts();
      return gpu.measure(networks);
    }
  }

  private List<Row> measure(List<String> networks) {
    networks.forEach(this::measure);
    copies();
    return rows;
  }

  /** C = X Y^T in each arithmetic. */
  private void prepareProducts() {
    int n = sizes.product();
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(n, n));
    Value y = builder.input("y", TensorType.real(n, n));
    Graph graph = builder.build(MatMul.matMulTransposed(x, y));
    HostTensor numbers = Workbench.random(n, n);
    List<DeviceTensor> inputs = List.of(bench.tensor(numbers), bench.tensor(numbers));
    List<DeviceTensor> outputs = List.of(bench.allocate(x.shape()));
    for (Arithmetic arithmetic : arithmetics) {
      Executable product = bench.own(engine.prepare(graph, Weights.none(), arithmetic));
      products.put(arithmetic, done(() -> product.run(inputs, outputs)));
    }
  }

  /** Work that is over when it returns: reading waits for all that was asked before. */
  private Runnable done(Runnable work) {
    return () -> {
      work.run();
      flag.read();
    };
  }

  private void measure(String network) {
    Model model = BenchModels.load(network);
    KernelPlan plan = plan(model);
    String name = network.substring(network.indexOf(':') + 1, network.lastIndexOf(':'));
    List<Panel> panels = new ArrayList<>();
    try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), sizes.microBatch())) {
      engine.require(
          (sizes.panels() + 1)
              * (kernel.panelBytes(sizes.tile()) + kernel.packedBytes(sizes.tile(), arithmetics)),
          String.format(
              Locale.ROOT,
              "Factors of %,d samples of %s, which --limit makes fewer",
              sizes.panels() * sizes.tile(),
              name));
      for (int i = 0; i < sizes.panels(); i++) {
        panels.add(kernel.panel(samples(model, i)));
      }
      for (Arithmetic arithmetic : arithmetics) {
        tiles(name, kernel, panels, arithmetic);
      }
      pass(name, kernel, samples(model, 0));
    } finally {
      panels.forEach(Panel::close);
    }
  }

  static KernelPlan plan(Model model) {
    List<String> parameters =
        model.graph().parameters().stream().map(Node.Parameter::name).toList();
    return KernelPlan.of(model.graph(), new KernelRequest(KernelKind.TRACE, false, parameters));
  }

  /** Operations of all tiles of a symmetric kernel. */
  static double flops(KernelPlan plan, Sizes sizes) {
    double tiles = sizes.panels() * (sizes.panels() + 1) / 2.0;
    return plan.tileFlops(sizes.tile(), sizes.tile()) * tiles;
  }

  private void tiles(String name, GramKernel kernel, List<Panel> panels, Arithmetic arithmetic) {
    Runnable all = done(() -> tiles(kernel, panels, arithmetic));
    double[] seconds = Turns.medianSeconds(ROUNDS, List.of(products.get(arithmetic), all));
    double n = sizes.product();
    double product = 2 * n * n * n / seconds[0];
    Arithmetic formed = arithmetic == Arithmetic.TF32X3 ? Arithmetic.STRICT : arithmetic;
    baseline(
        String.format(Locale.ROOT, "cuBLAS %.0f x %.0f x %.0f, %s", n, n, n, formed),
        product,
        formed);
    double rate = flops(kernel.plan(), sizes) / seconds[1];
    String tiles =
        "tiles of %s, N = %d, %s".formatted(name, sizes.panels() * sizes.tile(), arithmetic);
    rows.add(
        new Row(
            tiles, rate * 1e-12, "TFLOP/s", rate / product, "of cuBLAS " + formed + " beside it"));
    double peak = engine.peakFlops(arithmetic);
    if (peak > 0) {
      rows.add(new Row("  the same", rate / peak, "of peak", Double.NaN, ""));
    }
    if (arithmetic != Arithmetic.STRICT) {
      rows.add(
          new Row(
              "  largest error", error(kernel, panels, arithmetic), "mean |K|", Double.NaN, ""));
    }
  }

  /** A product's rate is the same in all networks' turns, but for noise; the first is shown. */
  private void baseline(String name, double rate, Arithmetic arithmetic) {
    if (rows.stream().noneMatch(row -> row.name().equals(name))) {
      double peak = engine.peakFlops(arithmetic);
      rows.add(
          new Row(
              name,
              rate * 1e-12,
              "TFLOP/s",
              peak > 0 ? rate / peak : Double.NaN,
              peak > 0 ? "of peak; baseline" : "baseline"));
    }
  }

  private static void tiles(GramKernel kernel, List<Panel> panels, Arithmetic arithmetic) {
    for (int i = 0; i < panels.size(); i++) {
      for (int j = i; j < panels.size(); j++) {
        kernel.tile(panels.get(i), panels.get(j), arithmetic);
      }
    }
  }

  /** The error of an arithmetic over all entries of the last tile of the first row. */
  private static double error(GramKernel kernel, List<Panel> panels, Arithmetic arithmetic) {
    Panel first = panels.get(0);
    Panel last = panels.get(panels.size() - 1);
    HostTensor strict = kernel.tile(first, last).block(0).read();
    HostTensor found = kernel.tile(first, last, arithmetic).block(0).read();
    return SampleError.of(List.of(found), List.of(strict)).value();
  }

  private void pass(String name, GramKernel kernel, HostTensor samples) {
    Runnable pass = done(() -> kernel.panel(samples).close());
    double[] seconds = Turns.medianSeconds(ROUNDS, List.of(products.get(Arithmetic.STRICT), pass));
    double n = sizes.product();
    double rate = kernel.plan().networkFlops(sizes.microBatch()) * sizes.tile() / seconds[1];
    rows.add(
        new Row(
            "network pass of %s, %d samples at a time".formatted(name, sizes.microBatch()),
            rate * 1e-12,
            "TFLOP/s",
            rate / (2 * n * n * n / seconds[0]),
            "of cuBLAS strict beside it"));
  }

  /**
   * Measures copies as {@code gram} makes them: samples in, tiles out, and tiles out through
   * page-locked memory.
   */
  private void copies() {
    int numbers = sizes.copied() / Float.BYTES;
    HostTensor values = Workbench.random(numbers);
    DeviceTensor tensor = bench.tensor(values);
    double[] seconds =
        Turns.medianSeconds(ROUNDS, List.of(done(() -> tensor.write(values)), tensor::read));
    rows.add(Row.baseline("copy to the device", sizes.copied() / seconds[0] * 1e-9, "GB/s"));
    rows.add(Row.baseline("copy to the host", sizes.copied() / seconds[1] * 1e-9, "GB/s"));
    if (engine instanceof CudaEngine cuda) {
      Outbound pinned = bench.own(cuda.outbound(sizes.copied()));
      double[] locked =
          Turns.medianSeconds(
              ROUNDS,
              List.of(
                  () -> {
                    pinned.start(tensor);
                    pinned.await();
                  }));
      rows.add(
          new Row(
              "copy to the host, page-locked",
              sizes.copied() / locked[0] * 1e-9,
              "GB/s",
              seconds[1] / locked[0],
              "times the other"));
    }
  }

  private HostTensor samples(Model model, int panel) {
    return Workbench.random(panel, Shape.of(sizes.tile(), model.inputWidth()));
  }

  @Override
  public void close() {
    bench.close();
  }
}
