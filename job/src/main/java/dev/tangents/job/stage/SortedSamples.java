package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.Sample;
import dev.tangents.job.io.SampleOrder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.Partitioner;
import org.apache.spark.RangePartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import scala.Tuple2;
import scala.math.Ordering$;
import scala.reflect.ClassTag$;

/**
 * All samples in their order, checked: no bad row, no id twice. Sorting goes through a shuffle
 * whose files serve the later pass as well.
 */
final class SortedSamples {
  private static final int SHOWN = 5;

  /** Places that are looked at for each bound, as {@code sortByKey} does. */
  private static final int POINTS = 20;

  private final JavaPairRDD<SampleOrder.Key, Sample> sorted;
  private final List<Part> parts;
  private final long count;

  private SortedSamples(JavaPairRDD<SampleOrder.Key, Sample> sorted, List<Part> parts, long count) {
    this.sorted = sorted;
    this.parts = parts;
    this.count = count;
  }

  /** What a partition says of itself. */
  private static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;
    private long rows;
    private long faults;
    private final List<String> shown = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();

    private void fault(String text) {
      faults++;
      if (shown.size() < SHOWN) {
        shown.add(text);
        positions.add(rows);
      }
    }
  }

  /**
   * Sorts and checks.
   *
   * @param places where rows belong: their bounds are found without reading the rows twice
   * @param limit number of samples to use, negative for all
   * @throws TangentsException of category DATA that lists the first faults, or if there is no row
   */
  static SortedSamples of(
      JavaPairRDD<SampleOrder.Key, Boolean> places,
      JavaPairRDD<SampleOrder.Key, Sample> rows,
      String input,
      int slots,
      long limit) {
    int partitions = Math.max(1, Math.min(rows.getNumPartitions(), 4 * slots));
    JavaPairRDD<SampleOrder.Key, Sample> sorted =
        rows.repartitionAndSortWithinPartitions(ranges(places, partitions));
    List<Part> parts = sorted.mapPartitions(SortedSamples::check).collect();
    requireNoFault(parts, input, limit);
    long count = parts.stream().mapToLong(part -> part.rows).sum();
    if (count == 0) {
      throw TangentsException.data(
          "input: %s holds no row that is used. Check --input and --where", input);
    }
    return new SortedSamples(sorted, parts, limit < 0 ? count : Math.min(limit, count));
  }

  private static Partitioner ranges(JavaPairRDD<SampleOrder.Key, Boolean> places, int partitions) {
    return partitions == 1
        ? new HashPartitioner(1)
        : new RangePartitioner<>(
            partitions,
            places.rdd(),
            true,
            POINTS,
            Ordering$.MODULE$.comparatorToOrdering(Comparator.<SampleOrder.Key>naturalOrder()),
            ClassTag$.MODULE$.apply(SampleOrder.Key.class));
  }

  /** Number of samples that are used. */
  long count() {
    return count;
  }

  /** The samples that are used, by their index, which begins with {@code start}. */
  JavaPairRDD<Long, Sample> indexed(long start) {
    long[] first = new long[parts.size()];
    first[0] = start;
    for (int i = 1; i < first.length; i++) {
      first[i] = first[i - 1] + parts.get(i - 1).rows;
    }
    long end = start + count;
    return sorted
        .mapPartitionsWithIndex(
            (partition, rows) -> new Numbered(rows, first[partition], end), false)
        .mapToPair(pair -> pair);
  }

  private static Iterator<Part> check(Iterator<Tuple2<SampleOrder.Key, Sample>> rows) {
    Part part = new Part();
    Tuple2<SampleOrder.Key, Sample> last = null;
    while (rows.hasNext()) {
      Tuple2<SampleOrder.Key, Sample> row = rows.next();
      Sample sample = row._2();
      if (sample.problem() != null) {
        part.fault(sample.where() + ": " + sample.problem());
      } else if (last != null && last._1().equals(row._1())) {
        part.fault(sample.where() + ": the id is that of " + last._2().where() + " too");
      }
      part.rows++;
      last = row;
    }
    return List.of(part).iterator();
  }

  private static void requireNoFault(List<Part> parts, String input, long limit) {
    List<String> shown = new ArrayList<>();
    long faults = 0;
    long first = 0;
    long rows = parts.stream().mapToLong(part -> part.rows).sum();
    for (Part part : parts) {
      for (int i = 0; i < part.shown.size(); i++) {
        if (limit < 0 || first + part.positions.get(i) < limit) {
          shown.add(part.shown.get(i));
        }
      }
      faults += part.faults;
      first += part.rows;
    }
    if (shown.isEmpty()) {
      return;
    }
    List<String> some = shown.subList(0, Math.min(SHOWN, shown.size()));
    String more =
        limit < 0 && faults > some.size() ? "\n  and " + (faults - some.size()) + " more" : "";
    String cure =
        faults == rows
            ? "No row can be used: choose other columns with --features (or the flag that names them), or another"
                + " --model"
            : "Repair them, or leave them out with --where";
    throw TangentsException.data(
        "input: %s has rows that cannot be used:\n  %s%s\n%s",
        input, String.join("\n  ", some), more, cure);
  }

  /** Puts an index on each sample of a partition and stops at the limit. */
  private static final class Numbered implements Iterator<Tuple2<Long, Sample>> {
    private final Iterator<Tuple2<SampleOrder.Key, Sample>> rows;
    private final long end;
    private long next;

    Numbered(Iterator<Tuple2<SampleOrder.Key, Sample>> rows, long first, long end) {
      this.rows = rows;
      this.next = first;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return next < end && rows.hasNext();
    }

    @Override
    public Tuple2<Long, Sample> next() {
      return new Tuple2<>(next++, rows.next()._2());
    }
  }
}
