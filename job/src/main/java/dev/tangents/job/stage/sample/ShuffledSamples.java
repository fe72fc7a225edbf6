package dev.tangents.job.stage.sample;

import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.input.SampleOrder;
import dev.tangents.job.plan.Panels;
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
 * Samples of an input in any order. Sorting goes through a shuffle whose files serve every pass.
 */
final class ShuffledSamples extends SortedSamples {
  /** Places that are looked at for each bound, as {@code sortByKey} does. */
  private static final int POINTS = 20;

  private final JavaPairRDD<SampleOrder.Key, Sample> sorted;
  private final List<FaultyRows> parts;
  private final Input input;

  private ShuffledSamples(
      JavaPairRDD<SampleOrder.Key, Sample> sorted, List<FaultyRows> parts, Input input) {
    super(input.used(rows(parts)));
    this.sorted = sorted;
    this.parts = parts;
    this.input = input;
  }

  /** Sorts and checks. */
  static ShuffledSamples of(Input input) {
    int partitions = Math.max(1, Math.min(input.rows().getNumPartitions(), 4 * input.slots()));
    JavaPairRDD<SampleOrder.Key, Sample> sorted =
        input.rows().repartitionAndSortWithinPartitions(ranges(input.places(), partitions));
    List<FaultyRows> parts = sorted.mapPartitions(ShuffledSamples::check).collect();
    FaultyRows.requireNone(parts, input, rows(parts));
    return new ShuffledSamples(sorted, parts, input);
  }

  private static long rows(List<FaultyRows> parts) {
    return parts.stream().mapToLong(FaultyRows::rows).sum();
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

  private static Iterator<FaultyRows> check(Iterator<Tuple2<SampleOrder.Key, Sample>> rows) {
    FaultyRows part = new FaultyRows();
    Tuple2<SampleOrder.Key, Sample> last = null;
    while (rows.hasNext()) {
      Tuple2<SampleOrder.Key, Sample> row = rows.next();
      Sample sample = row._2();
      if (sample.problem() != null) {
        part.fault(sample.where() + ": " + sample.problem(), sample.column());
      } else if (last != null && last._1().equals(row._1())) {
        part.fault(sample.where() + ": the id is that of " + last._2().where() + " too", Sample.ID);
      } else {
        part.good(1);
      }
      last = row;
    }
    return List.of(part).iterator();
  }

  /** The samples that are used, by their index, which begins with {@code start}. */
  private JavaPairRDD<Long, Sample> indexed(long start) {
    long[] first = new long[parts.size()];
    first[0] = start;
    for (int i = 1; i < first.length; i++) {
      first[i] = first[i - 1] + parts.get(i - 1).rows();
    }
    long end = start + count();
    return sorted
        .mapPartitionsWithIndex(
            (partition, rows) -> new Numbered(rows, first[partition], end), false)
        .mapToPair(pair -> pair);
  }

  /** Done when they were sorted. */
  @Override
  public void check(Panels panels, Panels known) {}

  @Override
  public JavaPairRDD<Long, Sample> byPanel(Panels panels, Panels known) {
    ByPanel target = new ByPanel(panels, known.count());
    return target.whole(indexed(known.samples()).repartitionAndSortWithinPartitions(target), input);
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
