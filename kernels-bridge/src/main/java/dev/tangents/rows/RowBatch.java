package dev.tangents.rows;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import java.util.List;
import java.util.stream.Stream;

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

  /** Gives back the arrays that hold it, for others to fill; nobody reads it any more. */
  public void giveBack(HostArrays arrays) {
    List<HostTensor> all =
        Stream.concat(
                values.stream().map(RowValues::all).flatMap(List::stream),
                sums.stream().flatMap(List::stream))
            .toList();
    arrays.keep(all.size() + 1); // one is on its way from a run to its place
    all.forEach(arrays::give);
  }
}
