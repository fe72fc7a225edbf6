package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Cleanup;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.CudaPrinter;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.driver.CodeCache;
import dev.tangents.exec.cuda.driver.Cublas;
import dev.tangents.exec.cuda.driver.CudaContext;
import dev.tangents.exec.cuda.driver.CudaDriver;
import dev.tangents.exec.cuda.driver.CudaSession;
import dev.tangents.exec.cuda.driver.EventClock;
import dev.tangents.exec.cuda.driver.Grid;
import dev.tangents.exec.cuda.driver.Nvrtc;
import dev.tangents.exec.cuda.driver.PinnedCopy;
import dev.tangents.exec.cuda.driver.Staging;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A device by NVIDIA's driver, NVRTC and cuBLAS. */
final class DriverGpu implements Gpu {
  /** Products in one call: a grid has at most 65,535 blocks along its last axis. */
  private static final int STACK = 32_768;

  /**
   * Told with the engine, since a run goes on with the same bits alone: to be raised with every
   * change of what kernels add up, in which order, and in which width.
   */
  private static final int KERNELS = 2;

  private final CudaDevice device;
  private final CudaDriver driver;
  private final Compiler compiler;
  private final CudaSession session;
  private final CudaContext context;
  private final Staging staging;
  private final Cublas cublas;
  private final Precision precision;
  private final Map<Arithmetic, LoadedCode> packers = new EnumMap<>(Arithmetic.class);
  private Work work = Work.NONE;

  private DriverGpu(CudaDevice device, CudaDriver driver, Precision precision) {
    this.device = device;
    this.driver = driver;
    this.precision = precision;
    this.compiler = new Compiler(Nvrtc.open(), CodeCache.ofUser(), device.capability());
    this.session = CudaSession.open(driver, device.ordinal());
    this.context = session.context();
    this.staging = session.staging();
    this.cublas = session.cublas();
  }

  /**
   * Opens a device.
   *
   * @throws TangentsException of category SETUP if the device is too old, or a library is missing
   */
  static DriverGpu open(int ordinal, Precision precision) {
    CudaDriver driver = CudaDriver.open();
    List<CudaDevice> devices = CudaDevices.of(driver).list();
    if (ordinal < 0 || ordinal >= devices.size()) {
      throw TangentsException.setup(
          "GPU: no device %d; this process sees %d, numbered from 0", ordinal, devices.size());
    }
    CudaDevice device = devices.get(ordinal);
    if (!device.supported()) {
      throw TangentsException.setup(
          "%s: expected compute capability 7.0 (Volta) or later. Use --engine nd4j", device);
    }
    return new DriverGpu(device, driver, precision);
  }

  /** The device. */
  CudaDevice device() {
    return device;
  }

  @Override
  public String describe() {
    return "cuda (%s, compute capability %d.%d, driver for CUDA %s, NVRTC %s for %s, cuBLAS %d, kernels %d, %s)"
        .formatted(
            device.name(),
            device.major(),
            device.minor(),
            CudaDriver.printed(driver.version()),
            compiler.version(),
            compiler.architecture(),
            cublas.version(),
            KERNELS,
            precision);
  }

  @Override
  public void require(Arithmetic arithmetic) {
    device.require(arithmetic);
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public long availableBytes() {
    return context.freeBytes();
  }

  @Override
  public long allocate(long bytes) {
    return context.allocate(bytes);
  }

  @Override
  public void free(long address) {
    context.free(address);
  }

  @Override
  public void write(long target, float[] values) {
    staging.write(target, values);
    count(Work.copies((long) values.length * Float.BYTES, 0));
  }

  @Override
  public void write(long target, double[] values) {
    staging.write(target, values);
    count(Work.copies((long) values.length * Double.BYTES, 0));
  }

  @Override
  public void read(long source, float[] values) {
    staging.read(source, values);
    count(Work.copies(0, (long) values.length * Float.BYTES));
  }

  @Override
  public void read(long source, double[] values) {
    staging.read(source, values);
    count(Work.copies(0, (long) values.length * Double.BYTES));
  }

  @Override
  public void copy(long target, long source, long bytes) {
    context.copy(target, source, bytes);
  }

  /** A process has one context on a device, the primary one. */
  @Override
  public boolean reaches(Gpu other) {
    return other instanceof DriverGpu gpu && gpu.device.ordinal() == device.ordinal();
  }

  @Override
  public void clear(long target, long bytes) {
    context.clear(target, bytes);
  }

  @Override
  public Program compile(List<Kernel> kernels) {
    if (kernels.isEmpty()) {
      return loaded(0, new long[0]);
    }
    long module = context.load(compiler.compile(Compiler.source(precision, kernels)));
    long[] functions = new long[kernels.size()];
    Grid[] grids = new Grid[kernels.size()];
    Map<String, Long> byName = new HashMap<>();
    for (int i = 0; i < functions.length; i++) {
      String name = CudaPrinter.name(kernels.get(i));
      functions[i] = byName.computeIfAbsent(name, known -> context.function(module, known));
      grids[i] = new Grid(kernels.get(i).blocks(), Kernel.BLOCK);
    }
    return loaded(module, functions, grids);
  }

  private LoadedCode loaded(long module, long[] functions, Grid... grids) {
    return new LoadedCode(context, this::count, module, functions, grids);
  }

  @Override
  public Program compile(TileSum tile) {
    boolean packed = packs(tile.arithmetic());
    String source = packed ? WarpgroupTile.print(tile) : TileSource.print(tile);
    long module = context.load(compiler.compile(source));
    long function = context.function(module, "tile");
    Grid grid =
        packed
            ? WarpgroupTile.grid(tile, device.processors())
            : new Grid(TileSource.blocks(tile), Kernel.BLOCK);
    if (packed) {
      context.allowShared(function, grid.sharedBytes());
    }
    Work each = Work.products(0, tile.flops(), peak(tile.arithmetic()));
    return new LoadedCode(context, this::count, module, new long[] {function}, grid) {
      @Override
      public void launch(int kernel, long[] buffers) {
        super.launch(kernel, buffers);
        count(each);
      }
    };
  }

  private boolean packs(Arithmetic arithmetic) {
    return compiler.hasWarpgroups() && arithmetic != Arithmetic.STRICT;
  }

  @Override
  public long packedBytes(long rows, int inner, Arithmetic arithmetic) {
    return packs(arithmetic) ? Pieces.bytes(rows, inner, arithmetic) : 0;
  }

  @Override
  public void pack(long factor, long rows, int inner, Arithmetic arithmetic, long packed) {
    LoadedCode packer = packers.computeIfAbsent(arithmetic, this::packer);
    int pieces = Math.toIntExact(Pieces.count(rows, inner, arithmetic));
    packer.launch(0, new Grid(pieces, Pieces.THREADS), factor, packed, rows, inner);
  }

  private LoadedCode packer(Arithmetic arithmetic) {
    long module = context.load(compiler.compile(WarpgroupTile.printPack(arithmetic)));
    return loaded(module, new long[] {context.function(module, "pack")});
  }

  @Override
  public void gemm(Gemm gemm, Arithmetic arithmetic, long a, long b, long c) {
    Cublas.Sizes sizes = new Cublas.Sizes(gemm.m(), gemm.n(), gemm.k(), gemm.lda(), gemm.ldb());
    int width = precision.bytes();
    for (int from = 0; from < gemm.batch(); from += STACK) {
      Cublas.Operands operands =
          new Cublas.Operands(
              a + from * gemm.strideA() * width,
              gemm.strideA(),
              b + from * gemm.strideB() * width,
              gemm.strideB(),
              c + (long) from * gemm.m() * gemm.n() * width);
      multiply(gemm, compute(arithmetic), sizes, operands, Math.min(STACK, gemm.batch() - from));
    }
    // cuBLAS has no 3xTF32: these products are strict, and so is what they could have taken.
    boolean strict = compute(arithmetic) == Cublas.Compute.FLOAT;
    count(Work.products(1, gemm.flops(), peak(strict ? Arithmetic.STRICT : arithmetic)));
  }

  private void multiply(
      Gemm gemm, Cublas.Compute compute, Cublas.Sizes sizes, Cublas.Operands operands, int batch) {
    context.enter();
    try {
      cublas.gemm(compute, gemm.transposeA(), gemm.transposeB(), sizes, operands, batch);
    } catch (TangentsException e) {
      context.synchronise(); // says so if the device is lost
      throw e;
    }
  }

  private Cublas.Compute compute(Arithmetic arithmetic) {
    if (precision == Precision.DOUBLE) {
      return Cublas.Compute.DOUBLE;
    }
    return switch (arithmetic) {
      case STRICT, TF32X3 -> Cublas.Compute.FLOAT;
      case TF32 -> Cublas.Compute.TF32;
      case BF16 -> Cublas.Compute.BF16;
    };
  }

  @Override
  public Clock clock(int steps) {
    EventClock clock = new EventClock(context, steps);
    return new Clock() {
      @Override
      public void start() {
        clock.start();
      }

      @Override
      public void mark(int step) {
        clock.mark(step);
      }

      @Override
      public long[] nanos() {
        return clock.nanos();
      }

      @Override
      public void close() {
        clock.close();
      }
    };
  }

  @Override
  public Outbound outbound(long bytes) {
    PinnedCopy copy = new PinnedCopy(context, bytes);
    return new Outbound() {
      @Override
      void start(long address, long size) {
        copy.start(address, size);
        count(Work.copies(0, size));
      }

      @Override
      public ByteBuffer await() {
        return copy.await();
      }

      @Override
      public void close() {
        copy.close();
      }
    };
  }

  @Override
  public void synchronise() {
    context.synchronise();
  }

  @Override
  public Recording record(Runnable steps) {
    Work before = work;
    long recording = context.record(steps);
    Work each = work.since(before);
    work = before;
    return new Recording() {
      @Override
      public void replay() {
        context.replay(recording);
        count(each);
      }

      @Override
      public void close() {
        context.forgetRecording(recording);
      }
    };
  }

  private void count(Work more) {
    work = work.plus(more);
  }

  @Override
  public double peak(Arithmetic arithmetic) {
    return device.peak().flops(precision, arithmetic);
  }

  @Override
  public Work work() {
    return work;
  }

  @Override
  public void close() {
    try (Cleanup all = new Cleanup()) {
      all.add(session::close);
      packers.values().forEach(packer -> all.add(packer::close));
    }
  }
}
