package dev.tangents.importer;

import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds parameters with the same numbers, also transposed. Two trained parameters are equal only if
 * one is a copy of the other: of a tied weight, which then counts twice.
 */
public final class EqualParameters {
  private EqualParameters() {}

  /**
   * Each parameter that is equal to an earlier one, with the first such. Those whose numbers are
   * all the same are left out: zeros and ones are equal in any untrained network.
   */
  public static List<Tie> of(Weights weights) {
    Map<Long, List<String>> seen = new HashMap<>();
    List<Tie> ties = new ArrayList<>();
    for (String name : weights.names()) {
      Literal literal = weights.get(name);
      if (literal.isSplat()) {
        continue;
      }
      List<String> alike = seen.computeIfAbsent(digest(literal), key -> new ArrayList<>());
      Optional<String> twin =
          alike.stream()
              .filter(
                  earlier ->
                      weights.get(earlier).equals(literal)
                          || isTransposed(weights.get(earlier), literal))
              .findFirst();
      twin.ifPresentOrElse(first -> ties.add(new Tie(first, name)), () -> alike.add(name));
    }
    return ties;
  }

  /** Whether both are matrices and {@code b[j, i]} is {@code a[i, j]}, bit by bit. */
  static boolean isTransposed(Literal a, Literal b) {
    Shape shape = a.type().shape();
    if (shape.rank() != 2
        || !b.type().equals(a.type().withShape(Shape.of(shape.dim(1), shape.dim(0))))) {
      return false;
    }
    double[] left = a.toArray();
    double[] right = b.toArray();
    int rows = (int) shape.dim(0);
    int columns = (int) shape.dim(1);
    for (int i = 0; i < left.length; i++) {
      if (bits(left[i]) != bits(right[i % columns * rows + i / columns])) {
        return false;
      }
    }
    return true;
  }

  /**
   * A hash of the elements that does not depend on their order, so that no transpose need be
   * formed.
   */
  private static long digest(Literal literal) {
    double[] values = literal.toArray();
    long sum = values.length;
    for (double value : values) {
      long mixed = bits(value) * 0x9E3779B97F4A7C15L;
      sum += mixed ^ mixed >>> 32;
    }
    return sum;
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
