package dev.tangents.job.io.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.tile.TileValues.Form;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TileValuesTest {
  @Test
  void upperHalfIsCopiedToTheLower() {
    TileValues tile = single(2, 2, 1, 2, 3, 4);
    assertArrayEquals(new float[] {1, 2, 2, 4}, numbers(tile.symmetric()));
    assertArrayEquals(new float[] {1, 2, 3, 4}, numbers(tile), "the original stays");
  }

  @Test
  void transposeOfARectangle() {
    TileValues tile = single(2, 3, 1, 2, 3, 4, 5, 6).transposed();
    assertEquals(3, tile.rows());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, numbers(tile));
  }

  @Test
  void fullKernelMirrorsOutputsToo() {
    // K[n, o, m, p] written as 1000 n + 100 o + 10 m + p; N = 2, O = 2.
    double[] numbers = new double[16];
    for (int block = 0; block < 4; block++) {
      for (int n = 0; n < 2; n++) {
        for (int m = 0; m < 2; m++) {
          numbers[(block * 2 + n) * 2 + m] = 1000 * n + 100 * (block / 2) + 10 * m + block % 2;
        }
      }
    }
    TileValues tile =
        new TileValues(Form.FULL, 2, List.of(HostTensor.of(Shape.of(4, 2, 2), numbers)));
    double[] symmetric = tile.symmetric().components().get(0).doubles();
    double[] transposed = tile.transposed().components().get(0).doubles();
    for (int block = 0; block < 4; block++) {
      int o = block / 2;
      int p = block % 2;
      for (int n = 0; n < 2; n++) {
        for (int m = 0; m < 2; m++) {
          int at = (block * 2 + n) * 2 + m;
          boolean upper = n < m || (n == m && o <= p);
          double own = 1000 * n + 100 * o + 10 * m + p;
          double mirrored = 1000 * m + 100 * p + 10 * n + o;
          assertEquals(upper ? own : mirrored, symmetric[at]);
          assertEquals(mirrored, transposed[at]);
        }
      }
    }
  }

  @Test
  void nonFiniteNumberIsFound() {
    assertEquals(OptionalInt.empty(), single(1, 2, 1e38f, 3e38f).firstNonFinite(0));
    assertEquals(OptionalInt.of(1), single(1, 2, 0, Float.NaN).firstNonFinite(0));
    assertEquals(
        OptionalInt.of(0),
        single(1, 2, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY).firstNonFinite(0));
  }

  private static TileValues single(int n, int m, float... numbers) {
    return new TileValues(Form.SINGLE, 1, List.of(HostTensor.of(Shape.of(1, n, m), numbers)));
  }

  private static float[] numbers(TileValues tile) {
    return tile.components().get(0).floats();
  }
}
