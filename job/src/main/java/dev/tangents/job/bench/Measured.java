package dev.tangents.job.bench;

import dev.tangents.exec.DeviceTensor;
import java.util.List;

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
  /** A quantity whose numbers are {@code results}. */
  static Measured of(String name, double milliseconds, List<DeviceTensor> results) {
    double sum = 0;
    double squares = 0;
    for (DeviceTensor result : results) {
      // Row by row, so that no Java array holds a whole result; one number has no rows.
      boolean divisible = result.shape().rank() > 0;
      long rows = divisible ? result.shape().dim(0) : 1;
      for (long row = 0; row < rows; row++) {
        DeviceTensor part = divisible ? result.rows(row, row + 1) : result;
        for (double value : part.read().doubles()) {
          sum += value;
          squares += value * value;
        }
      }
    }
    return new Measured(name, milliseconds, sum, Math.sqrt(squares), "");
  }

  /** A quantity that was left out. */
  static Measured leftOut(String name, String reason) {
    return new Measured(name, Double.NaN, Double.NaN, Double.NaN, reason);
  }
}
