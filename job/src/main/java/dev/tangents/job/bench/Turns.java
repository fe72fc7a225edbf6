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
   * Work shorter than this is repeated within its turn, so that a turn outlasts the clock's noise.
   */
  private static final double SHORTEST_TURN = 0.05;

  /**
   * Median seconds of one run of each piece of work over {@code rounds} rounds, after one round
   * that is not counted and tells how often a piece is repeated in its turn.
   *
   * @param work the pieces; every round gives each its turn, in order
   */
  static double[] medianSeconds(int rounds, List<Runnable> work) {
    return Arrays.stream(seconds(rounds, work)).mapToDouble(Turns::median).toArray();
  }

  /**
   * Seconds of one run of each piece of work in every round, [piece of work][round], measured as
   * {@link #medianSeconds} does.
   *
   * @param work the pieces; every round gives each its turn, in order
   */
  static double[][] seconds(int rounds, List<Runnable> work) {
    double[][] seconds = new double[work.size()][rounds];
    int[] repeats = new int[work.size()];
    for (int i = 0; i < repeats.length; i++) {
      seconds(work.get(i), 1);
      repeats[i] = (int) Math.max(1, SHORTEST_TURN / seconds(work.get(i), 1));
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < work.size(); i++) {
        seconds[i][round] = seconds(work.get(i), repeats[i]) / repeats[i];
      }
    }
    return seconds;
  }

  private static double seconds(Runnable work, int repeats) {
    long start = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      work.run();
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  /** The middle of the values, of an even number of them the mean of the two in the middle. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
