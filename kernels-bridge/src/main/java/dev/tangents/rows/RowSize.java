package dev.tangents.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.op.FlopCount;
import dev.tangents.op.Liveness;
import java.io.Serializable;

/**
 * How much travels together. Part of a result's identity: another size may round otherwise.
 *
 * @param samples N of a micro-batch
 * @param outer most lanes of an outer seed in one run
 * @param inner most lanes of an inner seed in one run
 */
public record RowSize(int samples, int outer, int inner) implements Serializable {
  /** Lanes are cut before samples down to this many; below it a matrix product gets too narrow. */
  private static final int FEW_LANES = 8;

  /** Most numbers of one array: a quarter of what Java allows, so that results fit as well. */
  private static final double MOST_NUMBERS = 1 << 29;

  /** All lanes at once. */
  public static RowSize ofSamples(int samples) {
    return new RowSize(samples, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * The largest size whose {@link #bytes} stay within the bound: all lanes if they fit, then fewer
   * lanes, then fewer samples. Several quantities always have all their lanes.
   *
   * @param most samples of a micro-batch that the user wants
   * @throws TangentsException of category RESOURCE if one lane of one sample does not fit
   */
  public static RowSize fitting(RowPass pass, int most, long bound, Precision precision) {
    double least = Double.POSITIVE_INFINITY;
    for (int floor : new int[] {FEW_LANES, 1}) {
      for (int samples = most; samples >= 1; samples /= 2) {
        for (RowSize size = new RowSize(samples, pass.outer().count(), pass.inner().count());
            size != null;
            size = size.fewerLanes(floor)) {
          RowSize full = pass.graphs().size() == 1 ? size : ofSamples(samples);
          // What certainly does not fit is left out without building its graph.
          double bytes = full.least(pass, precision);
          if (bytes <= bound) {
            bytes = full.bytes(pass, precision);
          }
          if (bytes <= bound) {
            return full;
          }
          least = Math.min(least, bytes);
        }
      }
    }
    if (Double.isInfinite(least)) {
      Part.array(least);
    }
    throw TangentsException.resource(
        "memory: the records of one sample and one lane of work take about %.0f MiB, more than the"
            + " %d MiB of --memory. Give more, or differentiate less with --select-outputs (by parameters, with"
            + " --params), or ask for fewer quantities at once",
        Math.ceil(least / (1 << 20)), bound >> 20);
  }

  /** Outer lanes in one run. */
  int outer(Lanes lanes) {
    return Math.min(outer, lanes.count());
  }

  /** Inner lanes in one run. */
  int inner(Lanes lanes) {
    return Math.min(inner, lanes.count());
  }

  /** Half the lanes, inner ones first, or null if there are no more than {@code floor}. */
  private RowSize fewerLanes(int floor) {
    if ((long) outer * inner <= floor) {
      return null;
    }
    return inner > 1
        ? new RowSize(samples, outer, (inner + 1) / 2)
        : new RowSize(samples, (outer + 1) / 2, inner);
  }

  /**
   * A bound on the bytes in flight: values of a run that are needed at once, its results, the
   * records of the micro-batch in Java arrays, and sums in double.
   */
  public long bytes(RowPass pass, Precision precision) {
    Graph graph = pass.over(this);
    // An engine writes results to buffers of their own, from which they are read into an array.
    double numbers = records(pass) + Liveness.numbers(graph) + 2 * results(graph);
    return (long) (numbers * precision.bytes()) + pass.sumNumbers() * Double.BYTES;
  }

  /** A bound on those of them that lie in Java arrays: records, results as they are read, sums. */
  public long heapBytes(RowPass pass, Precision precision) {
    double numbers = 2 * records(pass) + results(pass.over(this));
    return (long) (numbers * precision.bytes()) + 2 * pass.sumNumbers() * Double.BYTES;
  }

  /** Less than {@link #bytes}, without a graph; infinite where one array would be too long. */
  private double least(RowPass pass, Precision precision) {
    double records = records(pass);
    double lanes = (double) samples * outer(pass.outer()) * inner(pass.inner());
    double seeds = seeds(pass.outer(), outer) + seeds(pass.inner(), inner);
    double longest = Math.max(records, Math.max(lanes, seeds));
    return longest > MOST_NUMBERS
        ? Double.POSITIVE_INFINITY
        : (records + lanes + seeds) * precision.bytes();
  }

  private double records(RowPass pass) {
    return (double) samples * pass.numbers();
  }

  private static double results(Graph graph) {
    return graph.outputTypes().stream().mapToDouble(type -> type.shape().size()).sum();
  }

  private static double seeds(Lanes lanes, int most) {
    return (double) lanes.count() * Math.min(most, lanes.count());
  }

  /** Operations of one sample in all lanes. */
  public double flops(RowPass pass) {
    return FlopCount.ofRun(pass.over(this)) * (double) runs(pass) / samples;
  }

  /** Runs of the graph that a micro-batch takes: one for each chunk of lanes. */
  public long runs(RowPass pass) {
    return (long) chunks(pass.outer(), outer) * chunks(pass.inner(), inner);
  }

  private static int chunks(Lanes lanes, int most) {
    int chunk = Math.min(most, lanes.count());
    return (lanes.count() + chunk - 1) / chunk;
  }
}
