package dev.tangents.exec.cuda.driver;

import com.sun.jna.Pointer;
import dev.tangents.exec.Cleanup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies a result to page-locked memory of the host, on a stream of its own, while the device goes
 * on with the work asked for next. Two of them in turn hide both the copy and what is done with it.
 * One thread at a time.
 */
public final class PinnedCopy implements AutoCloseable {
  private final Cleanup cleanup = new Cleanup();
  private final CudaContext context;
  private final Pointer memory;
  private final long bytes;
  private final long stream;
  private final long computed;
  private final long copied;
  private int length = -1;

  /** Takes page-locked memory for results of up to so many bytes. */
  public PinnedCopy(CudaContext context, long bytes) {
    this.context = context;
    this.bytes = bytes;
    try {
      this.memory = context.pin(bytes);
      cleanup.add(() -> context.unpin(memory));
      this.computed = context.event();
      cleanup.add(() -> context.forget(computed));
      this.copied = context.event();
      cleanup.add(() -> context.forget(copied));
      this.stream = context.newStream();
      cleanup.add(() -> context.endStream(stream));
    } catch (RuntimeException | Error e) {
      try (cleanup) {
        throw e;
      }
    }
  }

  /** Asks for a copy of what the work asked for so far will have left at {@code source}. */
  public void start(long source, long size) {
    if (size > bytes || length >= 0) {
      throw new IllegalStateException(
          "A copy of %d bytes: there is room for %d, and one copy at a time"
              .formatted(size, bytes));
    }
    context.mark(computed);
    context.wait(stream, computed);
    context.download(stream, memory, source, size);
    context.mark(stream, copied);
    length = Math.toIntExact(size);
  }

  /** Waits for the copy; the numbers, in the machine's order of bytes, until the next start. */
  public ByteBuffer await() {
    if (length < 0) {
      throw new IllegalStateException("No copy was started");
    }
    context.await(copied);
    ByteBuffer result = memory.getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    length = -1;
    return result;
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
