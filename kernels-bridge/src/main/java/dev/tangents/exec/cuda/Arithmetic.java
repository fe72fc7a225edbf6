package dev.tangents.exec.cuda;

/**
 * How products of floats are formed. Sums are of floats in every one; doubles are never reduced.
 */
public enum Arithmetic {
  /** Every operand and every product has 24 bits; no tensor cores. The default. */
  STRICT("strict", 0),
  /**
   * Each operand is the sum of two numbers of TF32, and three of the four products are formed on
   * tensor cores (3xTF32): about as accurate as floats, but not the same bits. In the tile kernel
   * alone; other products are strict.
   */
  TF32X3("3xtf32", 1),
  /** Operands rounded to TF32, 11 bits, on tensor cores. */
  TF32("tf32", 2),
  /** Operands rounded to BF16, 8 bits, on tensor cores. */
  BF16("bf16", 3);

  private final String label;
  private final int number;

  Arithmetic(String label, int number) {
    this.label = label;
    this.number = number;
  }

  /** What {@code tile.cu} calls it. */
  int number() {
    return number;
  }

  /** The name that users write. */
  public String label() {
    return label;
  }
}
