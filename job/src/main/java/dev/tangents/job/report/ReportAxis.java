package dev.tangents.job.report;

import dev.tangents.job.io.parquet.Scalar;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Where the samples lie along one side of the picture: a pixel and, where there are few labels, a
 * group for each.
 */
public final class ReportAxis implements Serializable {
  private static final long serialVersionUID = 1L;

  /** More distinct labels than this make no table. */
  private static final int MOST_GROUPS = 32;

  private static final Comparator<Scalar> ORDER =
      Comparator.comparing(Scalar::type)
          .thenComparingLong(Scalar::integer)
          .thenComparingDouble(Scalar::real)
          .thenComparing(Scalar::text);

  private final int[] pixel;
  private final int[] group;
  private final String[] groups;
  private final int pixels;
  private final boolean ordered;

  private ReportAxis(int[] pixel, int pixels, int[] group, String[] groups, boolean ordered) {
    this.pixel = pixel;
    this.pixels = pixels;
    this.group = group;
    this.groups = groups;
    this.ordered = ordered;
  }

  /**
   * An axis of {@code samples} samples in at most {@code most} pixels.
   *
   * @param labels a label for each sample, or none at all
   * @param byLabel whether samples of one label lie together; else they lie by index
   */
  public static ReportAxis of(int samples, List<Scalar> labels, int most, boolean byLabel) {
    int[] code = new int[samples];
    List<Scalar> distinct = List.of();
    if (!labels.isEmpty()) {
      TreeSet<Scalar> sorted = new TreeSet<>(ORDER);
      sorted.addAll(labels);
      distinct = new ArrayList<>(sorted);
      Map<Scalar, Integer> positions = new HashMap<>();
      for (int i = 0; i < distinct.size(); i++) {
        positions.put(distinct.get(i), i);
      }
      for (int i = 0; i < samples; i++) {
        code[i] = positions.get(labels.get(i));
      }
    }
    boolean ordered = byLabel && !labels.isEmpty();
    int pixels = Math.min(most, samples);
    int[] place = ordered ? ranks(code, distinct.size()) : identity(samples);
    for (int i = 0; i < samples; i++) {
      place[i] = (int) ((long) place[i] * pixels / samples);
    }
    boolean few = !labels.isEmpty() && distinct.size() <= MOST_GROUPS;
    String[] names =
        few ? distinct.stream().map(Scalar::toString).toArray(String[]::new) : new String[0];
    return new ReportAxis(place, pixels, few ? code : new int[0], names, ordered);
  }

  /** Pixel of a sample. */
  int pixel(long index) {
    return pixel[(int) index];
  }

  /** Number of pixels. */
  public int pixels() {
    return pixels;
  }

  /** Group of a sample; only if there are groups. */
  int group(long index) {
    return group[(int) index];
  }

  /** Group of a sample; 0 if there are no groups. */
  int groupOrNone(long index) {
    return group.length == 0 ? 0 : group[(int) index];
  }

  /**
   * Whether a picture can be made of coarse bins of a side of {@code length} samples: they are no
   * larger than a pixel, and where samples lie by label, there are bins of each.
   */
  public boolean allowsCoarse(int length) {
    boolean fine = Bins.size(length) <= pixel.length / Math.max(1, pixels);
    return fine && (!ordered || group.length > 0);
  }

  /** Labels of the groups, in order; empty if there are none or too many. */
  public List<String> groups() {
    return List.of(groups);
  }

  /** Whether samples of one label lie together. */
  public boolean isOrdered() {
    return ordered;
  }

  /** How many samples each pixel stands for. */
  long[] pixelCounts() {
    return counts(pixel, pixels);
  }

  /** How many samples each group has. */
  long[] groupCounts() {
    return counts(group, groups.length);
  }

  private static long[] counts(int[] places, int size) {
    long[] counts = new long[size];
    for (int place : places) {
      counts[place]++;
    }
    return counts;
  }

  private static int[] identity(int size) {
    int[] place = new int[size];
    for (int i = 0; i < size; i++) {
      place[i] = i;
    }
    return place;
  }

  /** Position of each sample when sorted by code, samples of one code by index. */
  private static int[] ranks(int[] code, int codes) {
    int[] next = new int[codes + 1];
    for (int c : code) {
      next[c + 1]++;
    }
    for (int i = 1; i <= codes; i++) {
      next[i] += next[i - 1];
    }
    int[] rank = new int[code.length];
    for (int i = 0; i < code.length; i++) {
      rank[i] = next[code[i]]++;
    }
    return rank;
  }
}
