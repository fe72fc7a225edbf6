package dev.tangents.kernel;

/**
 * The random signs of a projection: each the function of where it stands, and of nothing else. So a
 * feature does not depend on batch, engine, machine, or on which other parameters take part.
 */
@FunctionalInterface
interface Signs {
  /** Which index of a parameter a sign belongs to. */
  enum Side {
    /** Row of a matrix. */
    ROW(0),
    /** Column of a matrix. */
    COLUMN(1),
    /** Position in a vector or scalar. */
    ELEMENT(2);

    /** Part of the counter, so it never changes. */
    private final int code;

    Side(int code) {
      this.code = code;
    }
  }

  /**
   * The signs of features 0 to {@code count} - 1.
   *
   * @param parameter index among the network's parameters
   * @param side what {@code index} counts
   * @param index row, column or position
   */
  double[] of(int parameter, Side side, long index, int count);

  /**
   * Rademacher signs, 1 or -1 with probability 1/2 each: bit j mod 128 of {@link Philox} at the
   * counter (j / 128, index, parameter and side) under the key {@code seed}. The signs of the first
   * features are the same for any number of features.
   */
  static Signs rademacher(long seed) {
    return (parameter, side, index, count) -> {
      double[] signs = new double[count];
      int stream = Math.addExact(Math.multiplyExact(parameter, 4), side.code);
      for (int block = 0; 128L * block < count; block++) {
        int[] words = Philox.words(seed, block, (int) index, (int) (index >>> 32), stream);
        for (int bit = 0; bit < Math.min(128, count - 128 * block); bit++) {
          boolean set = (words[bit / 32] >>> (bit % 32) & 1) == 1;
          signs[128 * block + bit] = set ? 1 : -1;
        }
      }
      return signs;
    };
  }
}
