package dev.tangents.job.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Times several pieces of work by turns, so that a drift of the machine's speed meets all of them
 * alike.
 */
final class Turns {
  private Turns() {}

  /**
   * Median seconds of each piece of work over {@code rounds} rounds, after one round that is not
   * counted.
   *
   * @param work the pieces; every round runs each once, in order
   */
  static double[] medianSeconds(int rounds, List<Runnable> work) {
    double[][] seconds = new double[work.size()][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < work.size(); i++) {
        long start = System.nanoTime();
        work.get(i).run();
        long end = System.nanoTime();
        if (round >= 0) {
          seconds[i][round] = (end - start) * 1e-9;
        }
      }
    }
    return Arrays.stream(seconds).mapToDouble(Turns::median).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
