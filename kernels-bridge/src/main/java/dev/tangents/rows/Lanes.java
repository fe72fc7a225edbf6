package dev.tangents.rows;

import dev.tangents.ir.Node;

/**
 * The unit vectors that a seed of a derivative runs over.
 *
 * @param input the seed's name; empty if there is no such seed
 * @param count how many
 */
public record Lanes(String input, int count) {
  /** The lanes of a quantity without a seed. */
  static final Lanes NONE = new Lanes("", 1);

  /** All unit vectors of an input's shape. */
  static Lanes of(Node.Input input) {
    return new Lanes(input.name(), input.type().shape().intSize());
  }

  /** Whether there is a seed. */
  boolean present() {
    return !input.isEmpty();
  }

  /**
   * Unit vectors {@code from} to {@code from + chunk - 1}, [chunk, count], zeros behind the last.
   */
  double[] units(int from, int chunk) {
    double[] values = new double[Math.multiplyExact(count, chunk)];
    for (int i = 0; i < chunk && from + i < count; i++) {
      values[i * count + from + i] = 1;
    }
    return values;
  }
}
