package dev.tangents.exec.nd4j.cuda;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the code for GPUs in a library, in one pass over its bytes: what {@code cuobjdump
 * --list-elf --list-ptx} lists. All numbers are little-endian:
 *
 * <pre>
 *   fat binary, 8-aligned   magic BA55ED50, u16 version 1, u16 bytes of this header 16, u64 bytes of entries
 *   entry                   u16 kind (1 PTX, 2 machine code), u16, u32 bytes of this header, u64 bytes of code,
 *                           12 bytes, u32 architecture (86 for sm_86), rest of the header, code
 * </pre>
 */
final class FatBinaries {
  private static final long WORD = Long.BYTES;

  /** Magic, version 1 and header size 16, in one word. */
  private static final long HEADER = 0x0010_0001_BA55_ED50L;

  private static final int ENTRY_READ = 32;
  private static final int LEAST_ENTRY = 64;
  private static final int MOST_ENTRY = 1 << 16;
  private static final int PTX = 1;
  private static final int MACHINE_CODE = 2;
  private static final int BUFFER = 1 << 20;

  private final DataInputStream in;

  private FatBinaries(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
  }

  /**
   * What all fat binaries of a library have in common; nothing if it has none.
   *
   * @throws IOException if the stream breaks off, or a fat binary is not of the form above
   */
  static Optional<CudaCode> read(InputStream library) throws IOException {
    return new FatBinaries(library).read();
  }

  private Optional<CudaCode> read() throws IOException {
    Optional<CudaCode> common = Optional.empty();
    while (true) {
      long word;
      try {
        word = number();
      } catch (EOFException e) {
        return common;
      }
      if (word == HEADER) {
        CudaCode code = entries(number());
        common = Optional.of(common.map(code::and).orElse(code));
      }
    }
  }

  private CudaCode entries(long bytes) throws IOException {
    SortedSet<Integer> machine = new TreeSet<>();
    SortedSet<Integer> intermediate = new TreeSet<>();
    for (long left = bytes; left > 0; ) {
      long first = number();
      long size = number();
      in.skipNBytes(WORD);
      long last = number();
      int kind = (int) (first & 0xFFFF);
      long header = first >>> 32;
      boolean whole = size >= 0 && header >= LEAST_ENTRY && header <= MOST_ENTRY;
      if (!whole || size > left - header || kind < PTX || kind > MACHINE_CODE) {
        throw new IOException(
            "a fat binary has an entry of kind %d with a header of %d and %d bytes of code, where %d bytes are left"
                .formatted(kind, header, size, left));
      }
      Collection<Integer> architectures = kind == PTX ? intermediate : machine;
      architectures.add((int) (last >>> 32));
      in.skipNBytes(header - ENTRY_READ + size);
      left -= header + size;
    }
    return new CudaCode(machine, intermediate);
  }

  private long number() throws IOException {
    return Long.reverseBytes(in.readLong());
  }
}
