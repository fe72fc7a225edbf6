package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import java.util.concurrent.atomic.AtomicLong;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The one owner of native memory of an engine: every buffer comes from here, is counted, and is
 * given back when it is closed, not when the garbage collector finds it. Thread-safe.
 */
final class NativeMemory {
  private final Precision precision;
  private final AtomicLong live = new AtomicLong();

  NativeMemory(Precision precision) {
    this.precision = precision;
  }

  /** Width of all numbers. */
  Precision precision() {
    return precision;
  }

  /** Bytes allocated and not yet closed. */
  long liveBytes() {
    return live.get();
  }

  /** Bytes that a buffer of {@code length} numbers takes. */
  long bytes(long length) {
    return Math.max(1, length) * precision.bytes();
  }

  /**
   * Checks, before anything is allocated, that a plan fits.
   *
   * @throws TangentsException of category RESOURCE if {@code needed} bytes are not there
   */
  void require(long needed, String what) {
    long available = Nd4jRuntime.availableBytes(live.get());
    if (needed > available) {
      throw TangentsException.resource(
          "%s: needs %,d bytes outside of the Java heap, %,d are available. Use a smaller tile or batch, or"
              + " raise -Dorg.bytedeco.javacpp.maxbytes, maxphysicalbytes and the memory of the executor",
          what, needed, available);
    }
  }

  /** A buffer of {@code length} numbers, contents undefined. Whoever asks closes it. */
  NativeBuffer allocate(int length) {
    return allocate(length, precision);
  }

  /**
   * A buffer of {@code length} numbers of another width, contents undefined. Whoever asks closes
   * it.
   */
  NativeBuffer allocate(int length, Precision width) {
    long bytes = Math.max(1L, length) * width.bytes();
    DataType type = width == Precision.FLOAT ? DataType.FLOAT : DataType.DOUBLE;
    DataBuffer data;
    try {
      // The factory, not Nd4j.createBuffer, which would use a workspace that the thread has open.
      data = Nd4j.getDataBufferFactory().create(type, Math.max(1, length), false);
    } catch (OutOfMemoryError e) {
      throw TangentsException.resource(
              "Memory: %,d bytes outside of the Java heap were refused with %,d in use. Use a smaller tile or"
                  + " batch, or raise -Dorg.bytedeco.javacpp.maxbytes and maxphysicalbytes",
              bytes, live.get())
          .causedBy(e);
    }
    live.addAndGet(bytes);
    return NativeBuffer.owning(data, length, () -> live.addAndGet(-bytes));
  }
}
