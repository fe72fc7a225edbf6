package dev.tangents.job.io.file;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes a file of a local disk from memory, past the page cache ({@code O_DIRECT}): a kernel is
 * larger than memory and written once, and copying it into pages that nobody will read takes a
 * processor longer than a disk takes to write it. A file of less than a buffer is written as any
 * other, and so is all of one on a disk that refuses. Not thread-safe.
 */
final class UncachedStream extends OutputStream {
  /** File systems of local disks that are known to write so. Over a network it may be slower. */
  private static final Set<String> LOCAL = Set.of("ext4", "xfs");

  private final Path file;
  private final int block;
  private final ByteBuffer buffer;
  private FileChannel channel;

  /** Whether whole blocks are written to the disk itself. */
  private boolean uncached;

  private long length;
  private boolean closed;

  private UncachedStream(Path file, int block, DiskBuffer memory) {
    this.file = file;
    this.block = block;
    this.buffer = memory.aligned(block);
  }

  /** Whether a file, which is there, is known to be on a disk that can be written so. */
  static boolean suits(Path file) {
    try {
      return LOCAL.contains(Files.getFileStore(file).type());
    } catch (IOException e) {
      return false; // in a sandbox a process may not see what is mounted where
    }
  }

  /**
   * Writes from the start of a file that is there and empty.
   *
   * @param memory for no other stream until this one is closed
   */
  static UncachedStream over(Path file, DiskBuffer memory) throws IOException {
    int block = Math.toIntExact(Files.getFileStore(file).getBlockSize());
    return new UncachedStream(file, block, memory);
  }

  @Override
  public void write(int b) throws IOException {
    makeRoom();
    buffer.put((byte) b);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int done = 0;
    while (done < count) {
      makeRoom();
      int more = Math.min(buffer.remaining(), count - done);
      buffer.put(bytes, from + done, more);
      done += more;
    }
  }

  private void makeRoom() throws IOException {
    if (!buffer.hasRemaining()) {
      writeOut();
    }
  }

  private void writeOut() throws IOException {
    buffer.flip();
    if (channel == null) {
      begin();
    }
    while (buffer.hasRemaining()) {
      length += channel.write(buffer);
    }
    buffer.clear().limit(DiskBuffer.BYTES);
  }

  /** A disk that cannot be written so says it when it is opened, or first written. */
  private void begin() throws IOException {
    try {
      channel = open(ExtendedOpenOption.DIRECT);
      length += channel.write(buffer);
      uncached = true;
    } catch (UnsupportedOperationException | IOException e) {
      if (channel != null) {
        channel.close();
      }
      channel = open();
    }
  }

  private FileChannel open(OpenOption... more) throws IOException {
    Set<OpenOption> options = new HashSet<>(Set.of(more));
    options.add(StandardOpenOption.WRITE);
    return FileChannel.open(file, options);
  }

  /** Writes the rest, in whole blocks, and cuts off what is too much. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (channel == null) {
      channel = open(); // all of it is here
    }
    try (FileChannel open = channel) {
      long whole = length + buffer.position();
      while (uncached && buffer.position() % block != 0) {
        buffer.put((byte) 0);
      }
      writeOut();
      if (open.size() > whole) {
        open.truncate(whole);
      }
    }
  }
}
