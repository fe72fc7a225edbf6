package dev.tangents.job.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.kernel.FlopCount;
import java.io.Serializable;

/**
 * How much travels together. Part of a result's identity: another size may round otherwise.
 *
 * @param samples N of a micro-batch
 * @param outer lanes of the outer seed in one run
 * @param inner lanes of the inner seed in one run
 */
public record RowSize(int samples, int outer, int inner) implements Serializable {
  /** Lanes are cut before samples down to this many; below it a matrix product gets too narrow. */
  private static final int FEW_LANES = 8;

  /**
   * The largest size whose {@link #bytes} stay within the bound: all lanes if they fit, then fewer
   * lanes, then fewer samples.
   *
   * @param most samples of a micro-batch that the user wants
   * @throws TangentsException of category RESOURCE if one lane of one sample does not fit
   */
  public static RowSize fitting(RowGraph rows, int most, long bound, Precision precision) {
    long least = Long.MAX_VALUE;
    for (int floor : new int[] {FEW_LANES, 1}) {
      for (int samples = most; samples >= 1; samples /= 2) {
        for (RowSize size = new RowSize(samples, rows.outer().count(), rows.inner().count());
            size != null;
            size = size.fewerLanes(floor)) {
          long bytes = size.bytes(rows, precision);
          if (bytes <= bound) {
            return size;
          }
          least = Math.min(least, bytes);
        }
      }
    }
    throw TangentsException.resource(
        "memory: the records of one sample and one lane of work take about %d MiB, more than the %d"
            + " MiB of --memory. Give more, or differentiate less with --select-outputs or --params",
        (least >> 20) + 1, bound >> 20);
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
   * A bound on the bytes in flight: values of a run that are needed at once, its results, and the
   * records of the micro-batch in Java arrays.
   */
  public long bytes(RowGraph rows, Precision precision) {
    double records = (double) samples * rows.numbers();
    double lanes = (double) samples * outer * inner;
    double seeds = (double) outer * rows.outer().count() + (double) inner * rows.inner().count();
    // Without building a graph: what certainly does not fit, or is too long for one array.
    double least = (records + lanes + seeds) * precision.bytes();
    if (least > Integer.MAX_VALUE) {
      return (long) least;
    }
    Graph graph = rows.over(this);
    // An engine writes results to buffers of their own, from which they are read into an array.
    long results = graph.outputTypes().stream().mapToLong(type -> type.shape().size()).sum();
    return ((long) records + live(graph) + 2 * results) * precision.bytes();
  }

  /** Operations of one sample in all lanes. */
  public double flops(RowGraph rows) {
    double runs =
        Math.ceil((double) rows.outer().count() / outer)
            * Math.ceil((double) rows.inner().count() / inner);
    return FlopCount.ofRun(rows.over(this)) * runs / samples;
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
