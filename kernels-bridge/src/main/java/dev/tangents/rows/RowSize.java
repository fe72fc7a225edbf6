package dev.tangents.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.op.FlopCount;
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
    long least = Long.MAX_VALUE;
    for (int floor : new int[] {FEW_LANES, 1}) {
      for (int samples = most; samples >= 1; samples /= 2) {
        for (RowSize size = new RowSize(samples, pass.outer().count(), pass.inner().count());
            size != null;
            size = size.fewerLanes(floor)) {
          RowSize full = pass.graphs().size() == 1 ? size : ofSamples(samples);
          long bytes = full.bytes(pass, precision);
          if (bytes <= bound) {
            return full;
          }
          least = Math.min(least, bytes);
        }
      }
    }
    throw TangentsException.resource(
        "memory: the records of one sample and one lane of work take about %d MiB, more than the %d"
            + " MiB of --memory. Give more, or differentiate less with --select-outputs, --params or"
            + " fewer --quantities",
        (least >> 20) + 1, bound >> 20);
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
    double records = (double) samples * pass.numbers();
    double lanes = (double) samples * outer(pass.outer()) * inner(pass.inner());
    double seeds = seeds(pass.outer(), outer) + seeds(pass.inner(), inner);
    // Without building a graph: what certainly does not fit, or is too long for one array.
    double least = (records + lanes + seeds) * precision.bytes();
    if (least > Integer.MAX_VALUE) {
      return (long) least;
    }
    Graph graph = pass.over(this);
    // An engine writes results to buffers of their own, from which they are read into an array.
    long results = graph.outputTypes().stream().mapToLong(type -> type.shape().size()).sum();
    long numbers = (long) records + live(graph) + 2 * results;
    return numbers * precision.bytes() + pass.sumNumbers() * Double.BYTES;
  }

  private static double seeds(Lanes lanes, int most) {
    return (double) lanes.count() * Math.min(most, lanes.count());
  }

  /** Operations of one sample in all lanes. */
  public double flops(RowPass pass) {
    double runs =
        Math.ceil((double) pass.outer().count() / outer(pass.outer()))
            * Math.ceil((double) pass.inner().count() / inner(pass.inner()));
    return FlopCount.ofRun(pass.over(this)) * runs / samples;
  }

  /** The most numbers held at once when nodes are computed in order and freed after their use. */
  private static long live(Graph graph) {
    int[] last = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      last[node.id()] = node instanceof Node.Apply ? node.id() : Integer.MAX_VALUE;
      if (node instanceof Node.Apply apply) {
        for (int argument : apply.arguments()) {
          last[argument] = Math.max(last[argument], node.id());
        }
      }
    }
    graph.outputs().forEach(id -> last[id] = Integer.MAX_VALUE);
    long now = 0;
    long most = 0;
    long[] freed = new long[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      long size = node.type().shape().size();
      now += size;
      most = Math.max(most, now);
      if (last[node.id()] < freed.length) {
        freed[last[node.id()]] += size;
      }
      now -= freed[node.id()];
    }
    return most;
  }
}
