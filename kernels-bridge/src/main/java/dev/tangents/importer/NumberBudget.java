package dev.tangents.importer;

import dev.tangents.error.TangentsException;

/** How many numbers, held as doubles, a model may still bring along. Mutable. */
public final class NumberBudget {
  private long bytesLeft;

  /** A budget of {@code maxBytes} for all numbers together. */
  public NumberBudget(long maxBytes) {
    this.bytesLeft = maxBytes;
  }

  /** Bytes that are not spent. */
  public long bytesLeft() {
    return bytesLeft;
  }

  /** Numbers that still fit. */
  public long numbersLeft() {
    return bytesLeft / Double.BYTES;
  }

  /**
   * Spends room for {@code numbers} numbers, before it is taken.
   *
   * @throws TangentsException of category MODEL if so much is not left
   */
  public void spend(long numbers) {
    if (numbers > numbersLeft()) {
      throw TangentsException.model(
          "%d more numbers do not fit into the %d bytes left of what a model may take",
          numbers, bytesLeft);
    }
    bytesLeft -= numbers * Double.BYTES;
  }
}
