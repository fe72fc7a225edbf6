package dev.tangents.job.io.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of less than a buffer, of whole buffers and blocks, and of what is between, one behind
 * another in the same memory. On a disk that refuses, the stream writes as any other does.
 */
class UncachedStreamTest {
  private static final int BUFFER = DiskBuffer.BYTES;

  private static final int[] LENGTHS = {
    0,
    1,
    4096,
    BUFFER - 1,
    BUFFER,
    BUFFER + 1,
    BUFFER + 4096,
    2 * BUFFER - 1,
    3 * BUFFER,
    3 * BUFFER + 77_777,
    5
  };

  @TempDir private Path folder;

  @Test
  void filesHaveTheBytesThatWereWritten() throws IOException {
    DiskBuffer memory = new DiskBuffer();
    for (int length : LENGTHS) {
      Path file = Files.createFile(folder.resolve(Integer.toString(length)));
      byte[] bytes = new byte[length];
      new Random(length).nextBytes(bytes);
      try (OutputStream out = UncachedStream.over(file, memory)) {
        write(bytes, out);
      }
      assertArrayEquals(bytes, Files.readAllBytes(file), () -> length + " bytes");
    }
  }

  /** In pieces of all sizes, and single bytes between them. */
  private static void write(byte[] bytes, OutputStream out) throws IOException {
    int done = 0;
    for (int piece = 1; done < bytes.length; piece = piece * 3 % 300_007) {
      int more = Math.min(piece, bytes.length - done);
      out.write(bytes, done, more);
      done += more;
      if (done < bytes.length) {
        out.write(bytes[done++]);
      }
    }
  }

  @Test
  void aFileThatIsGoneFailsAsAnyOther() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    OutputStream out = UncachedStream.over(file, new DiskBuffer());
    out.write(new byte[BUFFER]);
    Files.delete(file);
    assertThrows(IOException.class, () -> out.write(1));
  }
}
