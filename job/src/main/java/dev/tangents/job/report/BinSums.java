package dev.tangents.job.report;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.tile.TileValues;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Sums of a tile's entries over pairs of bins, and its diagonal. Blocks of outputs are traced and
 * components added, so that they are always about the kernel as a whole.
 */
public final class BinSums {
  /** Checksum and fingerprints of bins. */
  private static final int HEADER = 3 * Integer.BYTES;

  private final Bins rows;
  private final Bins columns;
  private final double[] sums;
  private final double[] diagonal;

  private BinSums(Bins rows, Bins columns, double[] sums, double[] diagonal) {
    this.rows = rows;
    this.columns = columns;
    this.sums = sums;
    this.diagonal = diagonal;
  }

  /**
   * Sums up a tile.
   *
   * @param withDiagonal whether its diagonal is the kernel's
   */
  public static BinSums of(TileValues values, Bins rows, Bins columns, boolean withDiagonal) {
    double[] diagonal = new double[withDiagonal ? rows.length() : 0];
    for (int r = 0; r < diagonal.length; r++) {
      diagonal[r] = traced(values, r, r);
    }
    return new BinSums(rows, columns, sums(values, rows, columns), diagonal);
  }

  /**
   * Rows of a bin are added before they are spread over the columns' bins: floats in float, since
   * what is seen of a sum has fewer digits, unless a sum passes their range.
   */
  private static double[] sums(TileValues values, Bins rows, Bins columns) {
    double[] sums = new double[rows.count() * columns.count()];
    for (HostTensor component : values.components()) {
      for (int block = 0; block < values.blocks(); block++) {
        if (onTrace(values, block)) {
          double[] own = sums(component, block, rows, columns, component.precision());
          if (!isFinite(own)) {
            own = sums(component, block, rows, columns, Precision.DOUBLE);
          }
          for (int i = 0; i < sums.length; i++) {
            sums[i] += own[i];
          }
        }
      }
    }
    return sums;
  }

  private static double[] sums(
      HostTensor component, int block, Bins rows, Bins columns, Precision precision) {
    Object[] lines = new Object[rows.count()];
    for (int bin = 0; bin < lines.length; bin++) {
      lines[bin] =
          precision == Precision.FLOAT ? new float[columns.length()] : new double[columns.length()];
    }
    for (int r = 0; r < rows.length(); r++) {
      int from = (block * rows.length() + r) * columns.length();
      Object line = lines[rows.of(r)];
      if (line instanceof float[] floats) {
        add(component.floats(), from, floats);
      } else if (component.precision() == Precision.FLOAT) {
        add(component.floats(), from, (double[]) line);
      } else {
        add(component.doubles(), from, (double[]) line);
      }
    }
    double[] sums = new double[rows.count() * columns.count()];
    for (int bin = 0; bin < lines.length; bin++) {
      spread(lines[bin], columns, sums, bin * columns.count());
    }
    return sums;
  }

  private static void add(float[] numbers, int from, float... line) {
    for (int c = 0; c < line.length; c++) {
      line[c] += numbers[from + c];
    }
  }

  private static void add(float[] numbers, int from, double... line) {
    for (int c = 0; c < line.length; c++) {
      line[c] += numbers[from + c];
    }
  }

  private static void add(double[] numbers, int from, double... line) {
    for (int c = 0; c < line.length; c++) {
      line[c] += numbers[from + c];
    }
  }

  private static void spread(Object line, Bins columns, double[] sums, int base) {
    for (int c = 0; c < columns.length(); c++) {
      double number = line instanceof float[] floats ? floats[c] : ((double[]) line)[c];
      sums[base + columns.of(c)] += number;
    }
  }

  /** An entry of the trace over outputs, summed over components. */
  private static double traced(TileValues values, int r, int c) {
    double sum = 0;
    for (HostTensor component : values.components()) {
      for (int block = 0; block < values.blocks(); block++) {
        if (onTrace(values, block)) {
          sum += component.at((block * values.rows() + r) * values.columns() + c);
        }
      }
    }
    return sum;
  }

  private static boolean onTrace(TileValues values, int block) {
    return values.form() != TileValues.Form.FULL
        || block / values.outputs() == block % values.outputs();
  }

  /** The rows' bins. */
  Bins rows() {
    return rows;
  }

  /** The columns' bins. */
  Bins columns() {
    return columns;
  }

  /** Sum of the entries of a pair of bins. */
  double sum(int row, int column) {
    return sums[row * columns.count() + column];
  }

  /** Whether all sums are finite: then so are the numbers, and of floats the other way as well. */
  public boolean isFinite() {
    return isFinite(sums);
  }

  private static boolean isFinite(double... numbers) {
    return Arrays.stream(numbers).allMatch(Double::isFinite);
  }

  /** The diagonal; empty if the kernel's does not run through this tile. Not copied. */
  double[] diagonal() {
    return diagonal;
  }

  /** All of it for a footer, in Base64. */
  public String text() {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + (sums.length + diagonal.length) * Double.BYTES);
    bytes.position(Integer.BYTES);
    bytes.putInt(rows.fingerprint()).putInt(columns.fingerprint());
    bytes.asDoubleBuffer().put(sums).put(diagonal);
    bytes.putInt(0, checksum(bytes.array()));
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** CRC-32 of all bytes behind the place of the checksum. */
  private static int checksum(byte... bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
    return (int) crc.getValue();
  }

  /** Whether a text in a footer is one of {@link #text}, and as it was written. */
  public static boolean isWhole(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return bytes.length >= HEADER && ByteBuffer.wrap(bytes).getInt() == checksum(bytes);
    } catch (IllegalArgumentException e) {
      return false; // no Base64
    }
  }

  /**
   * The sums in a footer; empty if they are over other bins, or damaged.
   *
   * @param text of {@link #text}
   * @param withDiagonal whether the diagonal is part of it
   */
  public static Optional<BinSums> parse(
      String text, Bins rows, Bins columns, boolean withDiagonal) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      double[] sums = new double[rows.count() * columns.count()];
      double[] diagonal = new double[withDiagonal ? rows.length() : 0];
      boolean same =
          bytes.remaining() == HEADER + (sums.length + diagonal.length) * Double.BYTES
              && bytes.getInt() == checksum(bytes.array())
              && bytes.getInt() == rows.fingerprint()
              && bytes.getInt() == columns.fingerprint();
      if (!same) {
        return Optional.empty();
      }
      bytes.asDoubleBuffer().get(sums).get(diagonal);
      return Optional.of(new BinSums(rows, columns, sums, diagonal));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no Base64
    }
  }
}
