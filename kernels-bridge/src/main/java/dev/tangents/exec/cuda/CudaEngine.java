package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.DeviceWork;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.transform.Simplify;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs graphs on one NVIDIA GPU: products by cuBLAS, everything else by kernels that are generated
 * for the graph and compiled for the device. Preparing a graph simplifies it, computes what depends
 * on weights alone, and plans all memory; running allocates none but the packed form of an input of
 * a tile, the first time that it is read. One thread at a time.
 */
public final class CudaEngine implements Engine {
  private final Gpu gpu;
  private final Optional<String> device;
  private final CudaMemory memory;
  private final CudaLowerings lowerings = CudaLowerings.standard();
  private boolean closed;

  /**
   * An engine on a device, with a stream, a workspace and kernels of its own.
   *
   * @param ordinal the device's number among those visible, from 0
   * @throws TangentsException of category SETUP if there is no such device, if it is too old, or if
   *     the driver, NVRTC or cuBLAS is missing, saying what to install
   */
  public static CudaEngine open(int ordinal, Precision precision) {
    DriverGpu gpu = DriverGpu.open(ordinal, precision);
    return new CudaEngine(gpu, Optional.of(gpu.device().toString()));
  }

  CudaEngine(Gpu gpu) {
    this(gpu, Optional.empty());
  }

  private CudaEngine(Gpu gpu, Optional<String> device) {
    this.gpu = gpu;
    this.device = device;
    this.memory = new CudaMemory(gpu);
  }

  /** The primitives that it can compute, for the completeness test. */
  public Set<Class<? extends Primitive>> supported() {
    return lowerings.supported();
  }

  /** What the device was asked to do since the engine was opened, for the record of a run. */
  public Work work() {
    return gpu.work();
  }

  /**
   * Room on the host, page-locked, to which results of up to so many bytes are copied while the
   * device computes the next ones.
   */
  public Outbound outbound(long bytes) {
    return gpu.outbound(bytes);
  }

  @Override
  public long liveBytes() {
    return memory.liveBytes();
  }

  @Override
  public String describe() {
    return gpu.describe();
  }

  @Override
  public Optional<String> device() {
    return device;
  }

  /** Engines of a process have one context on a device. */
  @Override
  public boolean shares() {
    return true;
  }

  @Override
  public DeviceWork deviceWork() {
    Work work = gpu.work();
    return new DeviceWork(
        work.kernels(), work.products(), work.peakSeconds(), work.uploaded(), work.downloaded());
  }

  @Override
  public double peakFlops(Arithmetic arithmetic) {
    return gpu.peak(arithmetic);
  }

  @Override
  public Precision precision() {
    return gpu.precision();
  }

  @Override
  public DeviceTensor allocate(Shape shape) {
    return CudaTensor.allocate(shape, memory);
  }

  @Override
  public void require(long bytes, String what) {
    memory.require(bytes, what);
  }

  @Override
  public Executable prepare(Graph graph, Weights weights) {
    return prepare(graph, weights, Arithmetic.STRICT);
  }

  /** Doubles are strict whatever is asked. */
  @Override
  public Executable prepare(Graph graph, Weights weights, Arithmetic asked) {
    gpu.require(asked);
    Arithmetic arithmetic = precision() == Precision.FLOAT ? asked : Arithmetic.STRICT;
    Graph simple = new Simplify(new ReferenceFolder()).apply(graph);
    requireLowerings(simple);
    weights.requireFor(simple);
    return new Preparation(simple, weights, memory, lowerings, arithmetic).executable();
  }

  @Override
  public long packedBytes(long rows, int inner, Arithmetic arithmetic) {
    return gpu.packedBytes(rows, inner, arithmetic);
  }

  @Override
  public int packedRows(Arithmetic arithmetic) {
    return gpu.packedBytes(1, 1, arithmetic) > 0 ? Pieces.ROWS : 1;
  }

  @Override
  public void synchronise() {
    gpu.synchronise();
  }

  /** Gives the device back, once. Whoever has allocated or prepared something closes it before. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.close();
    }
  }

  private void requireLowerings(Graph graph) {
    List<String> missing = graph.primitivesBeyond(supported());
    if (!missing.isEmpty()) {
      throw TangentsException.model(
          "CUDA engine: no lowering for %s. Use --engine nd4j, or leave these layers out", missing);
    }
  }
}
