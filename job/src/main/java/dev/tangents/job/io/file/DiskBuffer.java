package dev.tangents.job.io.file;

import java.nio.ByteBuffer;

/**
 * Memory that a disk can be written from, allocated when it is first needed: the system takes
 * longer to give so much than a disk to write it, so that it is kept from one file to the next. For
 * one {@link UncachedStream} at a time.
 */
public final class DiskBuffer {
  /** What a disk writes at once: a multiple of all usual block sizes. */
  static final int BYTES = 4 << 20;

  private ByteBuffer memory;
  private int alignment;

  /** The memory, empty, at a multiple of {@code block} bytes. */
  ByteBuffer aligned(int block) {
    if (alignment != block) {
      memory = ByteBuffer.allocateDirect(BYTES + block).alignedSlice(block);
      alignment = block;
    }
    return memory.clear().limit(BYTES);
  }
}
