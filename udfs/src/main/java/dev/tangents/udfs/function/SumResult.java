package dev.tangents.udfs.function;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/** What a sum over rows becomes. */
public interface SumResult extends Serializable {
  /** The type of the value. */
  DataType type();

  /**
   * The value, as Catalyst holds it.
   *
   * @param parameters their names
   * @param sums for each of them the sum over the rows
   * @param rows how many there were, at least one
   */
  Object of(List<String> parameters, List<double[]> sums, long rows);
}
