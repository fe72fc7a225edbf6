package dev.tangents.rows;

import dev.tangents.error.TangentsException;
import java.io.Serializable;
import java.util.List;

/**
 * The vector that a Jacobian or Hessian is multiplied by: one of each sample's own, or the same for
 * all.
 *
 * @param flag what the user calls it, for messages
 * @param numbers those for all samples; empty if each sample has its own
 */
public record Direction(String flag, List<Double> numbers) implements Serializable {
  /** Copies the list. */
  public Direction {
    numbers = List.copyOf(numbers);
  }

  /** A direction that every sample brings along. */
  public static Direction ofEachSample(String flag) {
    return new Direction(flag, List.of());
  }

  /** Whether every sample has its own. */
  public boolean perSample() {
    return numbers.isEmpty();
  }

  /**
   * The numbers as an array.
   *
   * @throws TangentsException of category USER if they are not {@code length} numbers
   */
  double[] constant(long length) {
    if (numbers.size() != length) {
      throw TangentsException.user(
          "%s: expected %d numbers, one for each %s, got %d. Give as many, or the name of a column",
          flag, length, flag.equals("tangent") ? "feature" : "output", numbers.size());
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
