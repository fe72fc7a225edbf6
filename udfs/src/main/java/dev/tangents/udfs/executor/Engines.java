package dev.tangents.udfs.executor;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.CudaDevice;
import dev.tangents.exec.cuda.CudaDevices;
import dev.tangents.exec.cuda.CudaEngine;
import dev.tangents.exec.cuda.driver.DeviceLostException;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.nd4j.cuda.Nd4jCudaEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.kernel.MachineRates;
import dev.tangents.kernel.Rates;

/** Makes engines by name. The one place outside of kernels-bridge that knows their classes. */
public final class Engines {
  private Engines() {}

  /**
   * Opens one, for the calling thread.
   *
   * @param gpu which device an engine for GPUs computes on
   * @throws TangentsException of category SETUP if it does not load here, or has no device
   */
  public static Engine open(EngineName name, Precision precision, GpuRequest gpu) {
    return switch (name) {
      case ND4J -> new Nd4jEngine(precision);
      case CUDA -> CudaEngine.open(device(gpu).ordinal(), precision);
      case ND4J_CUDA -> new Nd4jCudaEngine(precision, device(gpu));
      case REFERENCE -> new ReferenceEngine();
    };
  }

  /**
   * Checks that an engine for GPUs has a device here that it can use; loads nothing of it.
   *
   * @param arithmetic that products of floats will be formed in
   * @throws TangentsException of category SETUP if it has none
   */
  public static void requireDevice(EngineName name, GpuRequest gpu, Arithmetic arithmetic) {
    if (name == EngineName.ND4J_CUDA) {
      Nd4jCudaEngine.requireRunsOn(device(gpu));
    } else if (name == EngineName.CUDA) {
      CudaDevice device = device(gpu);
      requireSupported(device, gpu);
      device.require(arithmetic);
    }
  }

  private static void requireSupported(CudaDevice device, GpuRequest gpu) {
    if (!device.supported()) {
      throw TangentsException.setup(
          "%s: the engine cuda needs compute capability 7.0 (Volta) or later. %s",
          device,
          gpu.instead().orElse("Use --engine nd4j-cuda, or compute on the CPU: --engine nd4j"));
    }
  }

  private static CudaDevice device(GpuRequest gpu) {
    return gpu.choose(CudaDevices.visible());
  }

  /** Opens one in the one process of a run. */
  public static Engine open(EngineName name, Precision precision) {
    return open(name, precision, GpuRequest.none());
  }

  /** Whether a failure is the loss of a GPU, after which the process is of no further use. */
  public static boolean lostGpu(Throwable failure) {
    return DeviceLostException.isIn(failure);
  }

  /**
   * Rates of this machine, or where its engine does not open here those of the processor or GPU
   * that plans reckon with.
   */
  public static Rates rates(EngineName name, Precision precision) {
    try (Engine engine = open(name, precision)) {
      return MachineRates.of(engine);
    } catch (TangentsException e) {
      return name.onGpu() ? Rates.GPU : Rates.REFERENCE;
    }
  }
}
