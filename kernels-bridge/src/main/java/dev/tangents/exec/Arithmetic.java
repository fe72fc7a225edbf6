package dev.tangents.exec;

/**
 * How products of floats are formed. Sums are of floats in every one; doubles are never reduced.
 */
public enum Arithmetic {
  /** Every operand and every product has 24 bits; no tensor cores. The default. */
  STRICT("strict"),
  /**
   * Each operand is the sum of two numbers of TF32, and three of the four products are formed on
   * tensor cores (3xTF32): about as accurate as floats, but not the same bits. In the tile kernel
   * alone; other products are strict.
   */
  TF32X3("3xtf32"),
  /** Operands rounded to TF32, 11 bits, on tensor cores. */
  TF32("tf32"),
  /** Operands rounded to BF16, 8 bits, on tensor cores. */
  BF16("bf16");

  private final String label;

  Arithmetic(String label) {
    this.label = label;
  }

  /** The name that users write. */
  public String label() {
    return label;
  }

  /** The name that users write, also where values of settings are compared and shown. */
  @Override
  public String toString() {
    return label;
  }
}
