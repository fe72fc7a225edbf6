package dev.tangents.job.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The rows or the columns of a tile, gathered into bins, which are numbered in the order in which
 * they are met.
 */
public final class Bins {
  /** Coarse bins of a side without groups. */
  private static final int COARSE = 32;

  private final int[] bin;
  private final int[] first;
  private final int[] sizes;

  private Bins(int[] bin, int[] first, int[] sizes) {
    this.bin = bin;
    this.first = first;
    this.sizes = sizes;
  }

  /**
   * Samples of one pixel, and of one group.
   *
   * @param start index of the first sample
   * @param length number of samples
   */
  public static Bins fine(ReportAxis axis, long start, int length) {
    int pixels = axis.pixels();
    return of(length, i -> axis.groupOrNone(start + i) * pixels + axis.pixel(start + i));
  }

  /**
   * Some consecutive samples, whatever there is beside.
   *
   * @param length number of samples
   */
  public static Bins byPosition(int length) {
    int size = size(length);
    return of(length, i -> i / size);
  }

  /**
   * Some consecutive samples of each group: which they are depends on the tile and its labels
   * alone, and not on how many samples there are beside.
   *
   * @param start index of the first sample
   * @param length number of samples
   */
  public static Bins byGroup(ReportAxis axis, long start, int length) {
    int size = size(length);
    Map<Integer, Integer> met = new HashMap<>();
    return of(
        length,
        i -> {
          int group = axis.groupOrNone(start + i);
          int before = met.merge(group, 1, Integer::sum) - 1;
          return group * COARSE + before / size;
        });
  }

  /** Samples of a coarse bin of a side of {@code length} samples, at most. */
  public static int size(int length) {
    return (length + COARSE - 1) / COARSE;
  }

  private static Bins of(int length, IntUnaryOperator key) {
    Map<Integer, Integer> numbers = new HashMap<>();
    int[] bin = new int[length];
    int[] first = new int[length];
    int[] sizes = new int[length];
    for (int i = 0; i < length; i++) {
      Integer number = numbers.putIfAbsent(key.applyAsInt(i), numbers.size());
      if (number == null) {
        number = numbers.size() - 1;
        first[number] = i;
      }
      bin[i] = number;
      sizes[number]++;
    }
    int count = numbers.size();
    return new Bins(bin, Arrays.copyOf(first, count), Arrays.copyOf(sizes, count));
  }

  /** Number of samples. */
  int length() {
    return bin.length;
  }

  /** Number of bins. */
  int count() {
    return sizes.length;
  }

  /** Bin of the sample {@code i} of the side. */
  int of(int i) {
    return bin[i];
  }

  /** The first sample of a bin, counted within the side. */
  int first(int number) {
    return first[number];
  }

  /** Number of samples of a bin. */
  int samples(int number) {
    return sizes[number];
  }

  /** Differs, as good as surely, where another sample is in another bin. */
  int fingerprint() {
    return Arrays.hashCode(bin);
  }
}
