package dev.tangents.job.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The vector that a Jacobian is multiplied by: a column of the input, or numbers for all samples.
 *
 * @param flag the setting that names it
 * @param column the column, empty for numbers
 * @param numbers the numbers; empty for a column
 */
public record Direction(String flag, String column, List<Double> numbers) implements Serializable {
  /**
   * What a setting says. A text of numbers and commas alone is numbers.
   *
   * @throws TangentsException of category USER if it is missing or a number is not finite
   */
  static Direction of(Configuration configuration, Setting<String> setting) {
    String text = configuration.get(setting);
    List<Double> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        numbers.add(Double.valueOf(part.strip()));
      } catch (NumberFormatException e) {
        return new Direction(setting.key(), text, List.of());
      }
    }
    if (!numbers.stream().allMatch(Double::isFinite)) {
      throw TangentsException.user(
          "%s: expected finite numbers, got '%s'. Leave out NaN and infinity", setting.key(), text);
    }
    return new Direction(setting.key(), "", numbers);
  }

  /** Whether every sample has its own. */
  public boolean perSample() {
    return !column.isEmpty();
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
