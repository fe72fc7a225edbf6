package dev.tangents.exec;

/** Width of the numbers that an engine computes with. */
public enum Precision {
  /** IEEE binary32, unit roundoff 6e-8. */
  FLOAT(Float.BYTES),
  /** IEEE binary64, unit roundoff 1.1e-16. */
  DOUBLE(Double.BYTES);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Advice to take wider numbers, as a message ends with it.
   *
   * @param how to take them
   * @return {@code how} behind ", or ", or nothing where there are no wider ones
   */
  public String orWider(String how) {
    return this == FLOAT ? ", or " + how : "";
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
