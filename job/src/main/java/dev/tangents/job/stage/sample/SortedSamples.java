package dev.tangents.job.stage.sample;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.input.SampleOrder;
import dev.tangents.job.plan.Panels;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;

/**
 * All samples in their order, no id twice, and once they have been {@link #check}ed no bad row.
 * They pass through one shuffle, which brings each to its panel, where the input is in order
 * already ({@link SamplesInOrder}), and through another that sorts them before it where it is not
 * ({@link ShuffledSamples}).
 */
public abstract class SortedSamples {
  private final long count;

  SortedSamples(long count) {
    this.count = count;
  }

  /**
   * Looks at the places of all rows; where they are not in order, sorts and checks the rows as
   * well.
   *
   * @param places where rows belong, and whether a file begins with them; partitioned as the rows
   *     are
   * @param limit number of samples to use, negative for all
   * @throws TangentsException of category DATA if there is no row, or one was seen that cannot be
   *     used
   */
  public static SortedSamples of(
      JavaPairRDD<SampleOrder.Key, Boolean> places,
      JavaPairRDD<SampleOrder.Key, Sample> rows,
      String input,
      int slots,
      long limit) {
    return of(places, rows, input, slots, limit, List.of());
  }

  /**
   * The same where rows have further vectors.
   *
   * @param vectors the flags that name their columns
   */
  public static SortedSamples of(
      JavaPairRDD<SampleOrder.Key, Boolean> places,
      JavaPairRDD<SampleOrder.Key, Sample> rows,
      String input,
      int slots,
      long limit,
      List<String> vectors) {
    Input read = new Input(places, rows, input, slots, limit, vectors);
    Optional<SamplesInOrder> inOrder = SamplesInOrder.of(read);
    return inOrder.isPresent() ? inOrder.get() : ShuffledSamples.of(read);
  }

  /**
   * What is read.
   *
   * @param places where rows belong, partitioned as the rows are
   * @param rows the rows
   * @param name what the user calls it
   * @param slots tasks that run at once
   * @param limit number of samples to use, negative for all
   * @param vectors flags that name the columns of further vectors
   */
  record Input(
      JavaPairRDD<SampleOrder.Key, Boolean> places,
      JavaPairRDD<SampleOrder.Key, Sample> rows,
      String name,
      int slots,
      long limit,
      List<String> vectors) {
    /** How many of {@code there} samples are used. */
    long used(long there) {
      if (there == 0) {
        throw none(name);
      }
      return limit < 0 ? there : Math.min(limit, there);
    }
  }

  /** The failure of an input without rows. */
  static TangentsException none(String input) {
    return TangentsException.data(
        "input: %s holds no row that is used. Check --input and --where", input);
  }

  /** The failure of an input whose rows are others at the second look. */
  static TangentsException changed(String input, String found) {
    return TangentsException.data(
        "input: %s changed while it was read: %s. Run again when nothing writes to it",
        input, found);
  }

  /** Number of samples that are used. */
  public final long count() {
    return count;
  }

  /**
   * Checks all rows, if that has not been done, and brings them to where panels can be made of
   * them.
   *
   * @param known panels before those of these samples
   * @throws TangentsException of category DATA that lists the first faults
   */
  public abstract void check(Panels panels, Panels known);

  /**
   * The samples that are used, by their index: a partition a panel, in order.
   *
   * @param panels all, in which these samples begin behind {@code known}
   * @param known panels before those of these samples
   * @throws TangentsException as {@link #check} does
   */
  public abstract JavaPairRDD<Long, Sample> byPanel(Panels panels, Panels known);
}
