package dev.tangents.rows;

import dev.tangents.exec.HostTensor;
import java.util.List;

/**
 * What a micro-batch gave.
 *
 * @param values records of each quantity, in order
 * @param sums for each quantity its sums over the batch, in the order of its summed parts
 */
public record RowBatch(List<RowValues> values, List<List<HostTensor>> sums) {
  /** Copies the lists. */
  public RowBatch {
    values = List.copyOf(values);
    sums = List.copyOf(sums);
  }
}
