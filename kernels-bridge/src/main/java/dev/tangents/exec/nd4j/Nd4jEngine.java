package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
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
 * Runs graphs on the CPU by ND4J and the BLAS it ships. Preparing a graph simplifies it, computes
 * what depends on weights alone, and plans all memory; running allocates none.
 */
public final class Nd4jEngine implements Engine {
  private final int threads;
  private final NativeMemory memory;
  private final Nd4jLowerings lowerings = Nd4jLowerings.standard();

  /** An engine whose arithmetic uses one thread, as tasks of a cluster should. */
  public Nd4jEngine(Precision precision) {
    this(precision, 1);
  }

  /**
   * An engine whose arithmetic uses {@code threads} threads, whatever the environment says. The
   * number is one for the process: the last engine created sets it, and earlier ones refuse to go
   * on with another.
   *
   * @throws TangentsException of category SETUP if ND4J does not load or does not obey
   */
  public Nd4jEngine(Precision precision, int threads) {
    Nd4jRuntime.initialise(threads);
    this.threads = threads;
    this.memory = new NativeMemory(precision);
  }

  /** The primitives that it can compute, for the completeness test. */
  public Set<Class<? extends Primitive>> supported() {
    return lowerings.supported();
  }

  @Override
  public long liveBytes() {
    return memory.liveBytes();
  }

  @Override
  public Optional<String> advice() {
    return BlasKernels.advice();
  }

  @Override
  public String describe() {
    return Nd4jRuntime.describe(precision());
  }

  @Override
  public Precision precision() {
    return memory.precision();
  }

  @Override
  public DeviceTensor allocate(Shape shape) {
    int length = shape.intSize();
    memory.require(memory.bytes(length), "Tensor " + shape);
    return new Nd4jTensor(shape, memory.allocate(length));
  }

  @Override
  public void require(long bytes, String what) {
    memory.require(bytes, what);
  }

  @Override
  public Executable prepare(Graph graph, Weights weights) {
    Nd4jRuntime.requireThreads(threads);
    Graph simple = new Simplify(new ReferenceFolder()).apply(graph);
    requireLowerings(simple);
    weights.requireFor(simple);
    return new Preparation(simple, weights, memory, lowerings, threads).executable();
  }

  /** Frees nothing: whoever has allocated or prepared something closes it. */
  @Override
  public void close() {}

  private void requireLowerings(Graph graph) {
    List<String> missing = graph.primitivesBeyond(supported());
    if (!missing.isEmpty()) {
      throw TangentsException.model(
          "ND4J engine: no lowering for %s. Use --engine reference, or leave these layers out",
          missing);
    }
  }
}
