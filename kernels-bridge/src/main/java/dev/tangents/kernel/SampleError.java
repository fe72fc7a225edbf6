package dev.tangents.kernel;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import java.util.List;

/**
 * How far entries of a kernel are from strict ones, where it is largest.
 *
 * <pre>  error = max |K - K_strict| / mean |K_strict|     over the entries of a component
 * </pre>
 *
 * @param value 0 where all are equal, infinity where one is not a number or the strict ones are all
 *     zero and others are not
 * @param row among the rows
 * @param column among the columns
 */
public record SampleError(double value, int row, int column) {
  /**
   * Compares.
   *
   * @param found one tensor [B, r, c] for each component
   * @param strict the same entries in strict arithmetic
   * @throws TangentsException of category INTERNAL if their shapes differ
   */
  public static SampleError of(List<HostTensor> found, List<HostTensor> strict) {
    if (found.size() != strict.size()) {
      throw TangentsException.internal(
          "Sample: %d components, %d of them strict", found.size(), strict.size());
    }
    SampleError worst = new SampleError(0, 0, 0);
    for (int component = 0; component < found.size(); component++) {
      SampleError error = of(found.get(component), strict.get(component));
      worst = error.value > worst.value ? error : worst;
    }
    return worst;
  }

  private static SampleError of(HostTensor found, HostTensor strict) {
    if (!found.shape().equals(strict.shape())) {
      throw TangentsException.internal(
          "Sample: entries %s, %s of them strict", found.shape(), strict.shape());
    }
    int rows = Math.toIntExact(strict.shape().dim(1));
    int columns = Math.toIntExact(strict.shape().dim(2));
    int count = strict.shape().intSize();
    int worst = 0;
    double largest = 0;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.abs(strict.at(i));
      double difference = Math.abs(found.at(i) - strict.at(i));
      double known = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
      if (known > largest) {
        largest = known;
        worst = i;
      }
    }
    double mean = sum / count;
    double error = largest == 0 ? 0 : largest / mean;
    return new SampleError(
        Double.isNaN(error) ? Double.POSITIVE_INFINITY : error,
        worst / columns % rows,
        worst % columns);
  }
}
