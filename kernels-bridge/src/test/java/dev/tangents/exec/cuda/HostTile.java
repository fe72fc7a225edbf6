package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.cuda.code.Interpreter.Buffer;
import java.util.List;

/** A tile by plain loops, its operands rounded as tensor cores round them. */
final class HostTile {
  private HostTile() {}

  /** Computes it; the buffers are the factors of each term and the result. */
  static void run(TileSum tile, List<Buffer> buffers) {
    Buffer result = buffers.get(buffers.size() - 1);
    for (int i = 0; i < tile.n(); i++) {
      for (int j = 0; j < tile.m(); j++) {
        double sum = tile.offset();
        int next = 0;
        for (TileSum.Term term : tile.terms()) {
          double left = 1;
          if (term.left() > 0) {
            left = term.shift() + dot(tile, buffers, next, term.left(), i, j);
            next += 2;
          }
          sum += term.scale() * left * dot(tile, buffers, next, term.right(), i, j);
          next += 2;
        }
        result.put(i * tile.m() + j, sum);
      }
    }
  }

  private static double dot(TileSum tile, List<Buffer> buffers, int at, int extent, int i, int j) {
    double sum = 0;
    for (int k = 0; k < extent; k++) {
      float x = (float) buffers.get(at).get(i * extent + k);
      float y = (float) buffers.get(at + 1).get(j * extent + k);
      sum += product(tile.arithmetic(), x, y);
    }
    return sum;
  }

  /** x y as the arithmetic forms it. */
  static double product(Arithmetic arithmetic, float x, float y) {
    return switch (arithmetic) {
      case STRICT -> (double) x * y;
      case TF32 -> (double) rounded(x, 13) * rounded(y, 13);
      case BF16 -> (double) rounded(x, 16) * rounded(y, 16);
      case TF32X3 -> {
        float bigX = rounded(x, 13);
        float bigY = rounded(y, 13);
        double small =
            (double) rounded(x - bigX, 13) * bigY + (double) bigX * rounded(y - bigY, 13);
        yield small + (double) bigX * bigY;
      }
    };
  }

  /** The nearest float whose last {@code bits} bits are zero; ties away from zero, as cvt.rna. */
  static float rounded(float x, int bits) {
    int raw = Float.floatToRawIntBits(x);
    int half = 1 << (bits - 1);
    return Float.intBitsToFloat((raw + half) & -(1 << bits));
  }
}
