package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;

/**
 * Lets ND4J's CUDA backend near those devices alone that its binary has code for. The backend does
 * not ask: it selects itself wherever there is a device, and the first kernel fails.
 */
public final class Nd4jCudaGate {
  private final CudaCode code;

  private Nd4jCudaGate(CudaCode code) {
    this.code = code;
  }

  /**
   * The gate of the binary on the class path; loads nothing of it.
   *
   * @throws TangentsException of category SETUP if there is none
   */
  public static Nd4jCudaGate onClassPath() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? Nd4jCudaGate.class.getClassLoader() : context;
    return of(Nd4jCudaLibrary.find(loader).code());
  }

  static Nd4jCudaGate of(CudaCode code) {
    return new Nd4jCudaGate(code);
  }

  /**
   * Checks that the binary runs on a device.
   *
   * @param device name of it, for the message
   * @param major compute capability, before the point
   * @param minor compute capability, behind the point
   * @throws TangentsException of category SETUP if it does not
   */
  public void admit(String device, int major, int minor) {
    if (!code.runsOn(major, minor)) {
      throw TangentsException.setup(
          "ND4J CUDA: its binary holds %s; the device is %s of compute capability %d.%d (sm_%d%d), where none of"
              + " that runs. Use --engine cuda, which compiles its kernels for the device that it finds",
          code, device, major, minor, major, minor);
    }
  }
}
