package dev.tangents.job.io.export;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.io.file.Commits;
import dev.tangents.job.io.output.KernelFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A kernel as one array of NumPy, {@code numpy.load(file, mmap_mode="r")}: row-major,
 * little-endian, written from front to back, so that any Hadoop file system takes it. Axes: [N, M]
 * for trace and sum, [O, N, M] for one per output, [N, O, M, P] for a full kernel, which reshapes
 * to the matrix [N O, M P] without a copy.
 */
public final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** The numbers begin at a multiple of this, as NumPy has it. */
  private static final int ALIGNMENT = 64;

  private final Configuration hadoop;
  private final KernelFolder kernel;
  private final FileSystem fs;
  private final Path target;

  /**
   * A file for a kernel.
   *
   * @param ifExists what is done with a file of this name
   * @throws TangentsException of category USER if it cannot be written, or the kernel has several
   *     components
   */
  public NpyFile(Configuration hadoop, KernelFolder kernel, String target, IfExists ifExists)
      throws IOException {
    this.hadoop = hadoop;
    this.kernel = kernel;
    this.target = new Path(target);
    this.fs = Commits.fileSystem(this.target, hadoop);
    if (kernel.cells().components().size() > 1) {
      throw TangentsException.user(
          "component: an array holds one component, and %s has %s. Give --component NAME",
          kernel.folder(), String.join(", ", kernel.cells().components()));
    }
    if (fs.exists(this.target)
        && (ifExists == IfExists.FAIL || fs.getFileStatus(this.target).isDirectory())) {
      throw TangentsException.user(
          "to: %s exists. Give another --to, or --if-exists overwrite to replace a file", target);
    }
  }

  /** The extents of the array's axes. */
  public List<Long> shape() {
    long n = kernel.rows().samples();
    long m = kernel.columns().samples();
    long o = kernel.cells().outputs();
    return switch (kernel.cells().form()) {
      case SINGLE -> List.of(n, m);
      case PER_OUTPUT -> List.of(o, n, m);
      case FULL -> List.of(n, o, m, o);
    };
  }

  /**
   * Writes it and returns its bytes. A kernel per output is read once for each output.
   *
   * @param memory bytes for whole rows
   * @throws TangentsException of category DATA for a damaged tile, RESOURCE for too little memory
   */
  public long write(long memory) throws IOException {
    Path temporary = Commits.temporary(target, 0);
    try {
      try (OutputStream out = fs.create(temporary, true)) {
        out.write(header());
        for (KernelRows.Order order : orders()) {
          KernelRows rows = new KernelRows(hadoop, kernel, order, memory);
          for (int panel = 0; panel < kernel.rows().panels(); panel++) {
            rows.panel(
                panel,
                (from, to, bytes) -> out.write(bytes.array(), bytes.arrayOffset(), bytes.limit()));
          }
        }
      }
      long bytes = fs.getFileStatus(temporary).getLen();
      fs.delete(target, false);
      Commits.rename(fs, temporary, target);
      return bytes;
    } finally {
      fs.delete(temporary, false);
    }
  }

  /** How rows are laid out, for each time that they are written. */
  private List<KernelRows.Order> orders() {
    long m = kernel.columns().samples();
    int o = kernel.cells().outputs();
    return switch (kernel.cells().form()) {
      case SINGLE -> List.of(new KernelRows.Order(m, 1, (block, component) -> 0));
      case PER_OUTPUT ->
          IntStream.range(0, o)
              .mapToObj(
                  output ->
                      new KernelRows.Order(
                          m,
                          1,
                          (block, component) -> block == output ? 0 : KernelRows.Place.NOWHERE))
              .toList();
      case FULL ->
          List.of(
              new KernelRows.Order(
                  Math.multiplyExact((long) o * o, m),
                  o,
                  (block, component) -> Math.toIntExact(block / o * m * o + block % o)));
    };
  }

  private byte[] header() {
    String text =
        String.format(
            Locale.ROOT,
            "{'descr': '<f%d', 'fortran_order': False, 'shape': (%s), }",
            kernel.precision().bytes(),
            shape().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    int fixed = MAGIC.length + Short.BYTES;
    int length = (fixed + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] line = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.fill(header.array(), (byte) ' ');
    header.put(MAGIC).putShort((short) (length - fixed)).put(line).put(length - 1, (byte) '\n');
    return header.array();
  }
}
