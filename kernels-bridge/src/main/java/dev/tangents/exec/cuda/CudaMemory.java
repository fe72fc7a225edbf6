package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The one owner of device memory of an engine: every block comes from here and is counted. */
final class CudaMemory {
  private final Gpu gpu;
  private final AtomicLong live = new AtomicLong();

  CudaMemory(Gpu gpu) {
    this.gpu = gpu;
  }

  /** Rows of a block: bytes before the first one, numbers of each, and for which products. */
  private record PackedRows(long first, int inner, Arithmetic arithmetic) {}

  private static final class Packed {
    private final Block block;
    private boolean valid;

    Packed(Block block) {
      this.block = block;
    }
  }

  /** A block of memory, freed when it is closed. Closing twice does nothing. */
  final class Block implements AutoCloseable {
    private final long address;
    private final long bytes;
    private final Map<PackedRows, Packed> packed = new HashMap<>();
    private boolean closed;

    private Block(long address, long bytes) {
      this.address = address;
      this.bytes = bytes;
    }

    /** Address of the block. */
    long address() {
      return address;
    }

    /** Size of the block in bytes. */
    long bytes() {
      return bytes;
    }

    /** Whether it was freed. */
    boolean isClosed() {
      return closed;
    }

    /** Says that its contents have changed: what was packed from them is packed anew. */
    void written() {
      packed.values().forEach(one -> one.valid = false);
    }

    /**
     * Address of the block's rows of floats, from one on to the end, in the packed form; kept until
     * they change or the block is closed.
     *
     * @param first bytes before the first row
     * @param inner numbers of a row
     */
    long packed(long first, int inner, Arithmetic arithmetic) {
      PackedRows rows = new PackedRows(first, inner, arithmetic);
      long count = (bytes - first) / ((long) inner * Float.BYTES);
      Packed one =
          packed.computeIfAbsent(
              rows, any -> new Packed(allocate(gpu.packedBytes(count, inner, arithmetic))));
      if (!one.valid) {
        gpu.pack(address + first, count, inner, arithmetic, one.block.address());
        one.valid = true;
      }
      return one.block.address();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        packed.values().forEach(one -> one.block.close());
        packed.clear();
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
