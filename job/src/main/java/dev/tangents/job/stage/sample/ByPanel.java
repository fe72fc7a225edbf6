package dev.tangents.job.stage.sample;

import dev.tangents.job.io.input.Sample;
import dev.tangents.job.plan.Panels;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Function1;
import scala.Tuple2;

/**
 * Sends every sample, by its index, to its panel's task. What has no index has a negative number
 * and goes to one more partition, the last.
 */
final class ByPanel extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final Panels panels;
  private final int first;

  /** The task of panel {@code first} is partition 0; there are no samples before it. */
  ByPanel(Panels panels, int first) {
    this.panels = panels;
    this.first = first;
  }

  @Override
  public int numPartitions() {
    return last() + 1;
  }

  /** The partition of what has no index. */
  int last() {
    return panels.count() - first;
  }

  @Override
  public int getPartition(Object index) {
    long number = (Long) index;
    return number < 0 ? last() : panels.panelOf(number) - first;
  }

  /** The panels of samples that were sent so; each task fails if its panel is not whole. */
  JavaPairRDD<Long, Sample> whole(JavaPairRDD<Long, Sample> sent, SortedSamples.Input input) {
    int last = last();
    String name = input.name();
    Panels all = panels;
    int before = first;
    Function1<Object, Object> own =
        (Function1<Object, Object> & Serializable) partition -> (Integer) partition < last;
    return PartitionPruningRDD.create(sent.rdd(), own)
        .toJavaRDD()
        .mapPartitionsWithIndex(
            (partition, rows) -> new Whole(rows, all.rows(before + partition), name), true)
        .mapToPair(pair -> pair);
  }

  /** The samples of a panel, which must be as many as there are to be. */
  private static final class Whole implements Iterator<Tuple2<Long, Sample>> {
    private final Iterator<Tuple2<Long, Sample>> rows;
    private final int expected;
    private final String input;
    private int count;

    Whole(Iterator<Tuple2<Long, Sample>> rows, int expected, String input) {
      this.rows = rows;
      this.expected = expected;
      this.input = input;
    }

    @Override
    public boolean hasNext() {
      boolean more = rows.hasNext();
      if (more ? count == expected : count < expected) {
        throw SortedSamples.changed(
            input,
            "a panel of %,d samples has %s"
                .formatted(expected, more ? "more" : "%,d".formatted(count)));
      }
      return more;
    }

    @Override
    public Tuple2<Long, Sample> next() {
      count++;
      return rows.next();
    }
  }
}
