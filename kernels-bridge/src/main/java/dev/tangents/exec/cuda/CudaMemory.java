package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import java.util.concurrent.atomic.AtomicLong;

/** The one owner of device memory of an engine: every block comes from here and is counted. */
final class CudaMemory {
  private final Gpu gpu;
  private final AtomicLong live = new AtomicLong();

  CudaMemory(Gpu gpu) {
    this.gpu = gpu;
  }

  /** A block of memory, freed when it is closed. Closing twice does nothing. */
  final class Block implements AutoCloseable {
    private final long address;
    private final long bytes;
    private boolean closed;

    private Block(long address, long bytes) {
      this.address = address;
      this.bytes = bytes;
    }

    /** Where it is. */
    long address() {
      return address;
    }

    /** Its size. */
    long bytes() {
      return bytes;
    }

    /** Whether it was freed. */
    boolean isClosed() {
      return closed;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        live.addAndGet(-bytes);
        gpu.free(address);
      }
    }
  }

  /** Width of the numbers of its tensors. */
  Precision precision() {
    return gpu.precision();
  }

  /** The device that it is on. */
  Gpu gpu() {
    return gpu;
  }

  /** Bytes allocated and not yet freed. */
  long liveBytes() {
    return live.get();
  }

  /**
   * Checks, before anything is allocated, that a plan fits.
   *
   * @throws TangentsException of category RESOURCE if {@code needed} bytes are not there
   */
  void require(long needed, String what) {
    long available = gpu.availableBytes();
    if (needed > available) {
      throw TangentsException.resource(
          "%s: needs %,d bytes of the GPU's memory, %,d are available. Use a smaller tile or batch, fewer tasks"
              + " on one GPU, or a GPU with more memory",
          what, needed, available);
    }
  }

  /** A block, contents undefined. Whoever asks closes it. */
  Block allocate(long bytes) {
    long size = Math.max(1, bytes);
    Block block = new Block(gpu.allocate(size), size);
    live.addAndGet(size);
    return block;
  }
}
