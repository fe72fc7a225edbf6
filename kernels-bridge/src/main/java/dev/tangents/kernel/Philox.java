package dev.tangents.kernel;

/**
 * Philox4x32-10, the counter-based generator of Salmon et al. 2011 ("Parallel random numbers: as
 * easy as 1, 2, 3"): 128 random bits as a function of a 64-bit key and a 128-bit counter alone. No
 * state, so any number of any stream is had in any order on any machine.
 */
final class Philox {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * The four words for a counter of four words.
   *
   * @param key its low half is the first word of the paper's key
   */
  static int[] words(long key, int c0, int c1, int c2, int c3) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    int[] x = {c0, c1, c2, c3};
    for (int round = 0; round < ROUNDS; round++) {
      long a = MULTIPLIER_0 * (x[0] & LOW);
      long b = MULTIPLIER_1 * (x[2] & LOW);
      x = new int[] {(int) (b >>> 32) ^ x[1] ^ k0, (int) b, (int) (a >>> 32) ^ x[3] ^ k1, (int) a};
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return x;
  }
}
