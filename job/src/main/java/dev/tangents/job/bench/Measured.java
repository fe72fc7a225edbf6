package dev.tangents.job.bench;

/**
 * A quantity of a model as it was measured.
 *
 * @param name the quantity
 * @param milliseconds of one computation over the batch, the median of the rounds; NaN if it was
 *     left out
 * @param sum of all numbers of the result
 * @param norm the root of the sum of their squares
 * @param note why it was left out, or empty
 */
public record Measured(String name, double milliseconds, double sum, double norm, String note) {
  /** A quantity that was left out. */
  static Measured leftOut(String name, String reason) {
    return new Measured(name, Double.NaN, Double.NaN, Double.NaN, reason);
  }
}
