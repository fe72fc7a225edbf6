package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.CudaDevice;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;

/** Runs graphs on one GPU by ND4J's CUDA backend. Belongs to the thread that made it. */
public final class Nd4jCudaEngine implements Engine {
  private final CudaDevice device;
  private final ArrayEngine arrays;

  /**
   * An engine on a device, which the calling thread is bound to: ND4J deals devices to threads in
   * turn, whatever anybody else has decided.
   *
   * @throws TangentsException of category SETUP if ND4J's binary does not run on that device, or
   *     does not load
   */
  public Nd4jCudaEngine(Precision precision, CudaDevice device) {
    requireRunsOn(device);
    System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
    Nd4jBackends.CUDA.choose();
    try {
      Nd4jBackends.CUDA.requireLoaded();
      Nd4j.getAffinityManager().unsafeSetDevice(device.ordinal());
      // It would call System.gc() now and then; our memory is closed, never collected.
      Nd4j.getMemoryManager().togglePeriodicGc(false);
    } catch (TangentsException e) {
      throw e;
    } catch (LinkageError | RuntimeException e) {
      throw TangentsException.setup(
              "ND4J CUDA: its backend does not load on %s (%s). It needs libcudart.so.11.0, libcublas.so.11 and"
                  + " libcusolver.so.11 of CUDA 11.6 on LD_LIBRARY_PATH, and the jars with the native libraries of"
                  + " nd4j-cuda, cuda and javacpp for %s. Or use --engine cuda",
              device, reason(e), Loader.Detector.getPlatform())
          .causedBy(e);
    }
    this.device = device;
    this.arrays =
        new ArrayEngine(
            precision,
            "nd4j-cuda (%s, %s of compute capability %d.%d, %s)"
                .formatted(
                    Nd4j.getBackend().getClass().getSimpleName(),
                    device.name(),
                    device.major(),
                    device.minor(),
                    precision));
  }

  /**
   * Checks that ND4J's binary is there and runs on a device; loads nothing of it.
   *
   * @throws TangentsException of category SETUP if not
   */
  public static void requireRunsOn(CudaDevice device) {
    Nd4jCudaGate.onClassPath().admit(device.name(), device.major(), device.minor());
  }

  private static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public String describe() {
    return arrays.describe();
  }

  @Override
  public Optional<String> device() {
    return Optional.of(device.toString());
  }

  @Override
  public Precision precision() {
    return arrays.precision();
  }

  @Override
  public long liveBytes() {
    return arrays.liveBytes();
  }

  @Override
  public DeviceTensor allocate(Shape shape) {
    return arrays.allocate(shape);
  }

  @Override
  public Executable prepare(Graph graph, Weights weights) {
    return arrays.prepare(graph, weights);
  }

  @Override
  public void close() {
    arrays.close();
  }
}
