package dev.tangents.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Draws operands from a primitive's domain. */
@FunctionalInterface
public interface Sampler {
  /** {@code size} numbers for operand {@code operand}. */
  double[] sample(Random random, int operand, int size);

  /** Uniform between two bounds. */
  static Sampler between(double low, double high) {
    return (random, operand, size) ->
        random.doubles(size).map(u -> low + (high - low) * u).toArray();
  }

  /** Uniform in [-high, -low] or [low, high]: off a kink or a pole at zero. */
  static Sampler awayFromZero(double low, double high) {
    return (random, operand, size) ->
        random
            .doubles(size)
            .map(u -> (low + (high - low) * u) * (random.nextBoolean() ? 1 : -1))
            .toArray();
  }

  /**
   * Numbers around zero of which no two are nearer than 0.05, within an operand or between two: no
   * ties, and no order that a difference quotient could turn round.
   */
  static Sampler apart() {
    return (random, operand, size) -> {
      List<Double> grid = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        grid.add((i - size / 2) * 0.1 + operand * 0.05);
      }
      Collections.shuffle(grid, random);
      return grid.stream().mapToDouble(Double::doubleValue).toArray();
    };
  }

  /** Matrices n x n with 1.5 to 2.5 of either sign on the diagonal and less than 0.5 beside it. */
  static Sampler dominant(int n) {
    return (random, operand, size) -> {
      double[] a = random.doubles(size).map(u -> u - 0.5).toArray();
      for (int i = 0; i < size; i++) {
        if (i % (n * n) % (n + 1) == 0) {
          a[i] += random.nextBoolean() ? 2 : -2;
        }
      }
      return a;
    };
  }
}
