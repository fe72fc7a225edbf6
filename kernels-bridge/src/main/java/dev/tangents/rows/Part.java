package dev.tangents.rows;

import dev.tangents.error.TangentsException;
import java.io.Serializable;
import java.util.List;

/**
 * The values of one sample in one result, over all lanes.
 *
 * @param column the column that it goes to; {@link #VALUES} for arrays, {@link #HIDDEN} for what is
 *     not written
 * @param parameter its parameter; empty where it is not by parameters
 * @param shape of one record
 * @param records records that it makes, one after the other in memory
 * @param outerStride distance of neighbouring outer lanes
 * @param innerStride distance of neighbouring inner lanes
 * @param rest numbers of one lane
 * @param restStride distance of these
 * @param summed whether it is one sum over the samples of a batch
 */
public record Part(
    String column,
    String parameter,
    List<Integer> shape,
    int records,
    int outerStride,
    int innerStride,
    int rest,
    int restStride,
    boolean summed)
    implements Serializable {
  /** The column of arrays. */
  public static final String VALUES = "values";

  /** The column of losses. */
  public static final String LOSS = "loss";

  /** The column of ln |det J|, which is - infinity for a singular J. */
  public static final String LOG_DETERMINANT = "logabsdet";

  /** The column of det J, which may leave the range of a number where its logarithm does not. */
  public static final String DETERMINANT = "det";

  /** What is computed for the program itself: the network's outputs. */
  public static final String HIDDEN = "";

  /** One array of a sample, computed without lanes. */
  static Part whole(String column, String parameter, List<Integer> shape) {
    int length = length(shape);
    return new Part(column, parameter, shape, 1, 0, 0, length, 1, false);
  }

  /** An array for each outer lane, a record each. */
  static Part byOutput(String parameter, List<Integer> shape, int outputs) {
    int length = length(shape);
    return new Part(VALUES, parameter, shape, outputs, length, 0, length, 1, false);
  }

  /** One number of a sample. */
  static Part scalar(String column) {
    return whole(column, "", List.of());
  }

  /** A sum over the samples of a batch. */
  static Part sum(String parameter, List<Integer> shape) {
    return new Part(VALUES, parameter, shape, 1, 0, 0, length(shape), 1, true);
  }

  /** Numbers of one record. */
  public int length() {
    return length(shape);
  }

  /** Numbers of one sample, or of the sum. */
  public int size() {
    return array((double) records * length());
  }

  /** Whether a record has one number in a column of its own, not an array. */
  public boolean isScalar() {
    return !column.equals(VALUES) && !column.equals(HIDDEN);
  }

  /** Whether a number may stand in this part. */
  boolean admits(double value) {
    return Double.isFinite(value)
        || (column.equals(LOG_DETERMINANT) && value == Double.NEGATIVE_INFINITY)
        || (column.equals(DETERMINANT) && Double.isInfinite(value));
  }

  private static int length(List<Integer> shape) {
    double length = 1;
    for (int dim : shape) {
      length *= dim;
    }
    return array(length);
  }

  /**
   * Numbers that one array must hold.
   *
   * @throws TangentsException of category RESOURCE if no array can
   */
  static int array(double numbers) {
    if (numbers > Integer.MAX_VALUE - 8) {
      throw TangentsException.resource(
          "One sample has %.3g numbers in a record or its records; at most 2.1e9 can be handled."
              + " Differentiate less, with --select-outputs or --params",
          numbers);
    }
    return (int) numbers;
  }
}
