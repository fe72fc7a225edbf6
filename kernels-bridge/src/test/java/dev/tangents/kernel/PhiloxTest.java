package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.kernel.Signs.Side;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The generator against the known answers of its authors, and the signs made of it. */
class PhiloxTest {
  /** The three lines "philox4x32 10" of kat_vectors in Random123 1.09. */
  @Test
  void wordsAreTheKnownAnswers() {
    assertArrayEquals(
        new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, Philox.words(0, 0, 0, 0, 0));
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        Philox.words(-1, -1, -1, -1, -1));
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        Philox.words(0x299f31d0a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
  }

  @Test
  void signsAreTheBitsInOrder() {
    int[] words = Philox.words(7, 1, 5, 0, 4 * 3 + 1);
    double[] signs = Signs.rademacher(7).of(3, Side.COLUMN, 5, 256);
    for (int bit = 0; bit < 128; bit++) {
      assertEquals((words[bit / 32] >>> (bit % 32) & 1) == 1 ? 1 : -1, signs[128 + bit]);
    }
  }

  @Test
  void fewerFeaturesHaveTheFirstSigns() {
    double[] many = Signs.rademacher(3).of(0, Side.ROW, 1L << 33, 300);
    for (int count : new int[] {1, 127, 128, 129, 299}) {
      assertArrayEquals(
          Arrays.copyOf(many, count), Signs.rademacher(3).of(0, Side.ROW, 1L << 33, count));
    }
  }

  /** Each coordinate alone gives other signs; the sum of 10,000 is within five deviations of 0. */
  @Test
  void everyCoordinateMatters() {
    String first = draw(1, 0, Side.ROW, 0);
    assertNotEquals(first, draw(2, 0, Side.ROW, 0));
    assertNotEquals(first, draw(1L + (1L << 32), 0, Side.ROW, 0));
    assertNotEquals(first, draw(1, 1, Side.ROW, 0));
    assertNotEquals(first, draw(1, 0, Side.COLUMN, 0));
    assertNotEquals(first, draw(1, 0, Side.ELEMENT, 0));
    assertNotEquals(first, draw(1, 0, Side.ROW, 1));
    assertNotEquals(first, draw(1, 0, Side.ROW, 1L << 32));
    double sum = Arrays.stream(Signs.rademacher(1).of(0, Side.ROW, 0, 10_000)).sum();
    assertTrue(Math.abs(sum) < 500, () -> "sum of 10,000 signs: " + sum);
  }

  private static String draw(long seed, int parameter, Side side, long index) {
    return Arrays.toString(Signs.rademacher(seed).of(parameter, side, index, 128));
  }
}
