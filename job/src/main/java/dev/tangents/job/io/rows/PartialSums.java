package dev.tangents.job.io.rows;

import dev.tangents.job.io.file.StagedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Sums over the samples of each panel, a file each, and their sum: doubles one after the other.
 * They are added in a binary tree over the panels' numbers, so the result depends on the panels
 * alone, not on who computed them, when, or where.
 */
public final class PartialSums {
  /** Doubles of one file that are in memory at once. */
  private static final int CHUNK = 1 << 18;

  private final Configuration hadoop;
  private final List<Path> files;
  private final byte[] bytes = new byte[CHUNK * Double.BYTES];

  /** The files of all panels, in their order; each is open while it is read, no two at once. */
  public PartialSums(Configuration hadoop, List<Path> files) {
    this.hadoop = hadoop;
    this.files = List.copyOf(files);
  }

  /** Writes a panel's sums; the file is visible under its name only when it is whole. */
  public static void write(Configuration hadoop, Path path, long attempt, List<double[]> sums)
      throws IOException {
    StagedFile file = new StagedFile(path.getFileSystem(hadoop), path, attempt);
    FSDataOutputStream out = file.create();
    try {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Double.BYTES);
      for (double[] part : sums) {
        for (int from = 0; from < part.length; from += CHUNK) {
          int count = Math.min(CHUNK, part.length - from);
          buffer.clear();
          buffer.asDoubleBuffer().put(part, from, count);
          out.write(buffer.array(), 0, count * Double.BYTES);
        }
      }
      out.close();
      file.commit();
    } finally {
      file.abandon();
    }
  }

  /** The sum over all files of numbers {@code first} to {@code first + length - 1}. */
  public double[] sum(long first, int length) throws IOException {
    double[] result = new double[length];
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      System.arraycopy(tree(first + from, count, 0, files.size()), 0, result, from, count);
    }
    return result;
  }

  /**
   * The sum over files {@code from} to {@code to - 1}: that of two halves, the first not smaller.
   */
  private double[] tree(long first, int count, int from, int to) throws IOException {
    if (to - from == 1) {
      return read(files.get(from), first, count);
    }
    int middle = (from + to + 1) / 2;
    double[] left = tree(first, count, from, middle);
    double[] right = tree(first, count, middle, to);
    for (int i = 0; i < count; i++) {
      left[i] += right[i];
    }
    return left;
  }

  private double[] read(Path path, long first, int count) throws IOException {
    try (FSDataInputStream file = path.getFileSystem(hadoop).open(path)) {
      file.readFully(first * Double.BYTES, bytes, 0, count * Double.BYTES);
    }
    DoubleBuffer numbers = ByteBuffer.wrap(bytes).asDoubleBuffer();
    double[] values = new double[count];
    numbers.get(values);
    return values;
  }
}
