package dev.tangents.exec.cuda.driver;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Cleanup;
import java.util.function.Supplier;

/**
 * What an engine holds of a device from its first to its last moment: a context, page-locked memory
 * for copies, and cuBLAS with its workspace.
 */
public final class CudaSession implements AutoCloseable {
  /** What NVIDIA recommends for the newest devices; cuBLAS takes it once. */
  private static final long WORKSPACE = 32L << 20;

  private final Cleanup cleanup = new Cleanup();
  private final CudaContext context;
  private final Staging staging;
  private final Cublas cublas;

  private CudaSession(CudaDriver driver, int ordinal, Supplier<NativeCalls> library) {
    try {
      this.context = new CudaContext(driver, ordinal);
      cleanup.add(context::close);
      this.staging = new Staging(context);
      cleanup.add(staging::close);
      long workspace = context.allocate(WORKSPACE);
      cleanup.add(() -> context.free(workspace));
      this.cublas = Cublas.open(library.get(), context.stream(), workspace, WORKSPACE);
      cleanup.add(cublas::close);
    } catch (RuntimeException | Error e) {
      try (cleanup) {
        throw e;
      }
    }
  }

  /**
   * Takes a device.
   *
   * @throws TangentsException of category SETUP if another process has it for itself, or there is
   *     no cuBLAS; of category RESOURCE if its memory does not suffice
   */
  public static CudaSession open(CudaDriver driver, int ordinal) {
    return open(driver, ordinal, Cublas::load);
  }

  /** The same with another cuBLAS. */
  static CudaSession open(CudaDriver driver, int ordinal, Supplier<NativeCalls> library) {
    return new CudaSession(driver, ordinal, library);
  }

  /** The device in use. */
  public CudaContext context() {
    return context;
  }

  /** Copies between Java arrays and the device. */
  public Staging staging() {
    return staging;
  }

  /** Products on the context's stream. */
  public Cublas cublas() {
    return cublas;
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
