package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Prints the kernel of a {@link TileSum}: the fixed part, {@code tile.cu}, and for each term the
 * calls with its extents, which the compiler then knows. A block of 256 threads computes 128 x 128
 * elements and keeps them, and the Gram matrix at work, in registers.
 */
final class TileSource {
  /** Rows and columns of a block's share. */
  static final int SHARE = 128;

  private TileSource() {}

  /** Blocks to be launched. */
  static int blocks(TileSum tile) {
    return shares(tile.n(), SHARE) * shares(tile.m(), SHARE);
  }

  /** Shares that a whole is cut into, the last one maybe smaller. */
  static int shares(int whole, int share) {
    return (whole + share - 1) / share;
  }

  /** The whole source; its one kernel is called {@code tile}. */
  static String print(TileSum tile) {
    StringBuilder parameters = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    for (int i = 0; i < tile.terms().size(); i++) {
      TileSum.Term term = tile.terms().get(i);
      if (term.left() > 0) {
        parameters.append(String.format(Locale.ROOT, "const float* a%d, const float* b%d, ", i, i));
        calls.append(
            String.format(Locale.ROOT, "  gram<%d>(left, a%d, b%d);%n", term.left(), i, i));
      }
      parameters.append(String.format(Locale.ROOT, "const float* c%d, const float* d%d, ", i, i));
      calls.append(
          String.format(Locale.ROOT, "  gram<%d>(right, c%d, d%d);%n", term.right(), i, i));
      calls.append("  ").append(add(term));
    }
    return String.format(
            Locale.ROOT,
            "#define ARITHMETIC %d%n#define N %d%n#define M %d%n#define OFFSET %sf%n",
            number(tile.arithmetic()),
            tile.n(),
            tile.m(),
            hex(tile.offset()))
        + resource("tile.cu").replace("PARAMETERS", parameters).replace("CALLS", calls);
  }

  /** The call that adds a term, once its Gram matrices are there. */
  static String add(TileSum.Term term) {
    return term.left() > 0
        ? "add(sum, left, right, %sf, %sf);%n".formatted(hex(term.shift()), hex(term.scale()))
        : "add(sum, right, %sf);%n".formatted(hex(term.scale()));
  }

  /** What the sources call an arithmetic. */
  static int number(Arithmetic arithmetic) {
    return switch (arithmetic) {
      case STRICT -> 0;
      case TF32X3 -> 1;
      case TF32 -> 2;
      case BF16 -> 3;
    };
  }

  /** A number as C reads it, to the last bit; a float's, its suffix left out. */
  static String hex(double value) {
    return Float.toHexString((float) value);
  }

  /** A source that lies beside this class. */
  static String resource(String name) {
    try (InputStream stream = TileSource.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
