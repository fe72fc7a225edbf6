package dev.tangents.job.stage.sample;

import dev.tangents.job.io.input.SampleOrder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import scala.Tuple2;

/**
 * The places of a partition's rows as runs that ascend: a file that was written in order is one, or
 * its part that the partition has. Where no two runs of an input overlap, the index of every row
 * follows from them. Files that follow one another in a partition need not do so in the order:
 * Spark packs them by their sizes.
 */
final class PlaceRuns implements Serializable {
  private static final long serialVersionUID = 1L;

  /** More runs than this beside those of files are no order: the rows are sorted as if without. */
  private static final int MOST = 1000;

  private final List<Run> runs = new ArrayList<>();
  private boolean tooMany;

  /** Rows that follow one another. Not a record: Kryo 4 makes none. */
  static final class Run implements Serializable {
    private static final long serialVersionUID = 1L;
    private final SampleOrder.Key first;
    private SampleOrder.Key last;
    private long rows = 1;

    /** How many of all rows come before the first. */
    private long start;

    private Run(SampleOrder.Key first) {
      this.first = first;
      this.last = first;
    }

    /** How many of all rows come before the first. */
    long start() {
      return start;
    }

    /** Number of rows. */
    long rows() {
      return rows;
    }

    /**
     * Whether a row may be the one after {@code before} others of this run.
     *
     * @param previous the row before it, if there is one
     */
    boolean takes(SampleOrder.Key row, long before, SampleOrder.Key previous) {
      return (before > 0 ? previous.compareTo(row) < 0 : row.equals(first))
          && (before + 1 < rows || row.equals(last));
    }
  }

  /** The runs of a partition. */
  static Iterator<PlaceRuns> of(Iterator<Tuple2<SampleOrder.Key, Boolean>> places) {
    PlaceRuns found = new PlaceRuns();
    Run run = null;
    int files = 0;
    while (places.hasNext() && !found.tooMany) {
      Tuple2<SampleOrder.Key, Boolean> next = places.next();
      SampleOrder.Key place = next._1();
      files += next._2() ? 1 : 0;
      if (run != null && !next._2() && run.last.compareTo(place) < 0) {
        run.last = place;
        run.rows++;
      } else {
        run = new Run(place);
        found.runs.add(run);
        found.tooMany = found.runs.size() - files > MOST;
      }
    }
    if (found.tooMany) {
      found.runs.clear(); // nobody looks at them
    }
    return List.of(found).iterator();
  }

  /**
   * The runs of each partition with their starts, if together they are an order: none overlaps
   * another, and no place is there twice.
   */
  static Optional<List<List<Run>>> ordered(List<PlaceRuns> partitions) {
    if (partitions.stream().anyMatch(partition -> partition.tooMany)) {
      return Optional.empty();
    }
    List<Run> all =
        partitions.stream()
            .flatMap(partition -> partition.runs.stream())
            .sorted(Comparator.comparing(run -> run.first))
            .toList();
    long start = 0;
    for (int i = 0; i < all.size(); i++) {
      Run run = all.get(i);
      if (i > 0 && all.get(i - 1).last.compareTo(run.first) >= 0) {
        return Optional.empty();
      }
      run.start = start;
      start += run.rows;
    }
    return Optional.of(
        partitions.stream().map(partition -> (List<Run>) new ArrayList<>(partition.runs)).toList());
  }
}
