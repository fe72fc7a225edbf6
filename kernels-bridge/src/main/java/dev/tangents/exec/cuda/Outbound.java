package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import java.nio.ByteBuffer;

/**
 * Takes results to page-locked memory of the host while the device computes the next ones. Two in
 * turn, each with a tensor of its own, hide the copy and what is done with its numbers:
 *
 * <pre>
 *   run into tensor 0;  copy 0 starts
 *   run into tensor 1;  copy 1 starts;  copy 0 awaited, its numbers written to a file
 *   run into tensor 0;  copy 0 starts;  copy 1 awaited, its numbers written to a file
 * </pre>
 *
 * <p>Made by {@link CudaEngine#outbound}; whoever asks closes it, before the engine.
 */
public abstract class Outbound implements AutoCloseable {
  Outbound() {}

  /**
   * Asks for a copy of what the work asked for so far leaves in {@code tensor}, which no later run
   * may write to before {@link #await} has returned.
   */
  public final void start(DeviceTensor tensor) {
    if (!(tensor instanceof CudaTensor own)) {
      throw TangentsException.internal(
          "Outbound: expected a tensor of the CUDA engine, got %s",
          tensor.getClass().getSimpleName());
    }
    start(own.address(), own.shape().size() * own.precision().bytes());
  }

  abstract void start(long address, long size);

  /** Waits for the copy; its numbers, in the machine's order of bytes, until the next start. */
  public abstract ByteBuffer await();

  @Override
  public abstract void close();
}
