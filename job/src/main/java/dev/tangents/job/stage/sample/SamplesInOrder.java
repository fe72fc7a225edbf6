package dev.tangents.job.stage.sample;

import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.input.SampleOrder;
import dev.tangents.job.plan.Panels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Samples of an input whose files are in order, as most are: the index of every row is known from
 * its place, so each goes straight to its panel. Rows are read, and shuffled, once; what is wrong
 * with some is told by one more partition of that shuffle.
 */
final class SamplesInOrder extends SortedSamples {
  /** In the place of an index: rows are not where they were. */
  private static final long MOVED = Long.MIN_VALUE;

  /** In the place of an index, with the index added: the row cannot be used. */
  private static final long FAULTY = Long.MIN_VALUE + 1;

  /** In the place of an index, with their number added: further rows cannot be used. */
  private static final long MORE = Long.MIN_VALUE / 2;

  private final Input input;

  /** Rows that there are, those beyond the limit as well. */
  private final long there;

  /** Runs of rows of each partition. */
  private final Broadcast<ArrayList<List<PlaceRuns.Run>>> runs;

  private Optional<Sent> sent = Optional.empty();

  /** What takes its place once rows have been found to come in another order than before. */
  private Optional<ShuffledSamples> shuffled = Optional.empty();

  /** Samples that were brought to their panels. */
  private record Sent(Panels panels, Panels known, JavaPairRDD<Long, Sample> samples) {}

  private SamplesInOrder(Input input, List<List<PlaceRuns.Run>> runs, long there) {
    super(input.used(there));
    this.input = input;
    this.there = there;
    this.runs =
        JavaSparkContext.fromSparkContext(input.rows().context()).broadcast(new ArrayList<>(runs));
  }

  /** Looks at the places; nothing if they are in no order. */
  static Optional<SamplesInOrder> of(Input input) {
    List<PlaceRuns> found = input.places().mapPartitions(PlaceRuns::of).collect();
    return PlaceRuns.ordered(found)
        .filter(runs -> runs.size() == input.rows().getNumPartitions())
        .map(runs -> new SamplesInOrder(input, runs, rows(runs)));
  }

  private static long rows(List<List<PlaceRuns.Run>> runs) {
    return runs.stream().flatMap(List::stream).mapToLong(PlaceRuns.Run::rows).sum();
  }

  /** All samples that are used by their index; those that cannot be, by a negative number. */
  private JavaPairRDD<Long, Sample> numbered(long start) {
    Broadcast<ArrayList<List<PlaceRuns.Run>>> places = runs;
    long end = start + count();
    return input
        .rows()
        .mapPartitionsWithIndex(
            (partition, each) -> new Numbered(each, places.value().get(partition), start, end),
            true)
        .mapToPair(pair -> pair);
  }

  @Override
  public void check(Panels panels, Panels known) {
    byPanel(panels, known);
  }

  @Override
  public JavaPairRDD<Long, Sample> byPanel(Panels panels, Panels known) {
    if (shuffled.isEmpty()
        && sent.filter(to -> to.panels.equals(panels) && to.known.equals(known)).isEmpty()) {
      send(panels, known);
    }
    return shuffled.isPresent()
        ? shuffled.get().byPanel(panels, known)
        : new ByPanel(panels, known.count()).whole(sent.orElseThrow().samples(), input);
  }

  private void send(Panels panels, Panels known) {
    ByPanel target = new ByPanel(panels, known.count());
    long start = known.samples();
    long used = count();
    JavaPairRDD<Long, Sample> samples = numbered(start).repartitionAndSortWithinPartitions(target);
    // Asking for the last partition alone runs all that is before the shuffle, and no more.
    List<FaultyRows> told =
        samples.mapPartitions(others -> faults(others, start, used))
            .collectPartitions(new int[] {target.last()})[0];
    if (told.isEmpty()) {
      shuffled = Optional.of(again());
      return;
    }
    FaultyRows.requireNone(told, input, there);
    sent = Optional.of(new Sent(panels, known, samples));
  }

  /** The order that was seen does not hold. */
  private ShuffledSamples again() {
    ShuffledSamples other = ShuffledSamples.of(input);
    if (other.count() != count()) {
      throw changed(
          input.name(), "it had %,d samples, and now has %,d".formatted(count(), other.count()));
    }
    return other;
  }

  /** What is told of rows that cannot be used; nothing if rows are not where they were. */
  private static Iterator<FaultyRows> faults(
      Iterator<Tuple2<Long, Sample>> others, long start, long used) {
    FaultyRows faults = new FaultyRows();
    while (others.hasNext()) {
      Tuple2<Long, Sample> other = others.next();
      if (other._1() == MOVED) {
        return Collections.emptyIterator();
      }
      if (other._1() >= MORE) {
        faults.more(other._1() - MORE);
        continue;
      }
      Sample sample = other._2();
      faults.good(other._1() - FAULTY - start - faults.rows());
      faults.fault(sample.where() + ": " + sample.problem(), sample.column());
    }
    faults.good(used - faults.rows());
    return List.of(faults).iterator();
  }

  /**
   * Puts an index on each sample of a partition by the runs in which its rows came before, and
   * leaves out those from {@code end} on. Where they come otherwise, says so and stops.
   */
  private static final class Numbered implements Iterator<Tuple2<Long, Sample>> {
    private final Iterator<Tuple2<SampleOrder.Key, Sample>> rows;
    private final Iterator<PlaceRuns.Run> runs;
    private final long start;
    private final long end;
    private PlaceRuns.Run run;
    private long taken;
    private SampleOrder.Key previous;
    private int shown;
    private long unshown;
    private Tuple2<Long, Sample> next;
    private boolean done;

    Numbered(
        Iterator<Tuple2<SampleOrder.Key, Sample>> rows,
        List<PlaceRuns.Run> runs,
        long start,
        long end) {
      this.rows = rows;
      this.runs = runs.iterator();
      this.start = start;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      while (next == null && !done) {
        advance();
      }
      return next != null;
    }

    @Override
    public Tuple2<Long, Sample> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Tuple2<Long, Sample> row = next;
      next = null;
      return row;
    }

    /** Looks at the next row, which may be one that is left out. */
    private void advance() {
      boolean complete = run == null || taken == run.rows();
      boolean more = rows.hasNext();
      done = !more && complete && !runs.hasNext();
      if (done) {
        next = unshown == 0 ? null : new Tuple2<>(MORE + unshown, null);
        return;
      }
      if (complete && runs.hasNext()) {
        run = runs.next();
        taken = 0;
        shown = 0; // the first faults of all are among the first of each run
        complete = false;
      }
      if (!more || complete) {
        moved();
        return;
      }
      Tuple2<SampleOrder.Key, Sample> row = rows.next();
      if (!run.takes(row._1(), taken, previous)) {
        moved();
        return;
      }
      long index = start + run.start() + taken;
      taken++;
      previous = row._1();
      if (index >= end) {
        return;
      }
      Sample sample = row._2();
      if (sample.problem() == null) {
        next = new Tuple2<>(index, sample);
      } else if (shown < FaultyRows.SHOWN) {
        shown++;
        next = new Tuple2<>(FAULTY + index, sample);
      } else {
        unshown++;
      }
    }

    private void moved() {
      done = true;
      next = new Tuple2<>(MOVED, null); // there may be no row to show
    }
  }
}
