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

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
