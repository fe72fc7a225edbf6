package dev.tangents.udfs.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.function.SumResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/** The rows of a group so far: sums in double, and less than a batch of rows to be computed. */
final class GroupSum {
  private final GroupTask task;
  private final Map<SampleInput, List<double[]>> pending = new EnumMap<>(SampleInput.class);

  /** The sum of each parameter; none before the first batch. */
  private final List<double[]> sums = new ArrayList<>();

  private int waiting;
  private long rows;

  GroupSum(GroupTask task) {
    this.task = task;
    clear();
  }

  /** Where the columns that it takes stand among the arguments. */
  List<Integer> places() {
    return task.places();
  }

  /** Adds a row of these columns; one with a null does not count. */
  GroupSum add(InternalRow columns) {
    List<double[]> numbers = new ArrayList<>();
    for (int i = 0; i < task.slots().size(); i++) {
      double[] column = task.slots().get(i).read(columns, i, task.function());
      if (column == null) {
        return this;
      }
      numbers.add(column);
    }
    for (int i = 0; i < numbers.size(); i++) {
      pending.get(task.slots().get(i).content()).add(numbers.get(i));
    }
    waiting++;
    if (waiting == task.spec().size().samples()) {
      flush();
    }
    return this;
  }

  /** Adds the rows of another. */
  GroupSum add(GroupSum other) {
    flush();
    other.flush();
    if (sums.isEmpty()) {
      sums.addAll(other.sums);
    } else {
      for (int p = 0; p < other.sums.size(); p++) {
        double[] sum = sums.get(p);
        double[] more = other.sums.get(p);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += more[i];
        }
      }
    }
    rows += other.rows;
    return this;
  }

  /** What the sums become; null for no rows. */
  Object value(SumResult result) {
    flush();
    return rows == 0 ? null : result.of(task.spec().parameters(), sums, rows);
  }

  /**
   * The sums as bytes: the number of rows, and the numbers of each parameter behind their count.
   */
  byte[] bytes() {
    flush();
    int numbers = sums.stream().mapToInt(sum -> sum.length).reduce(0, Math::addExact);
    int size = Math.addExact(Long.BYTES, Math.multiplyExact(numbers, Double.BYTES));
    ByteBuffer bytes = ByteBuffer.allocate(size + sums.size() * Integer.BYTES).putLong(rows);
    for (double[] sum : sums) {
      bytes.putInt(sum.length);
      for (double value : sum) {
        bytes.putDouble(value);
      }
    }
    return bytes.array();
  }

  /** Reads what {@link #bytes} wrote. */
  GroupSum read(byte[] written) {
    ByteBuffer bytes = ByteBuffer.wrap(written);
    rows = bytes.getLong();
    while (bytes.hasRemaining()) {
      double[] sum = new double[bytes.getInt()];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = bytes.getDouble();
      }
      sums.add(sum);
    }
    return this;
  }

  private void flush() {
    if (waiting == 0) {
      return;
    }
    List<HostTensor> batch = task.compute(pending);
    for (int p = 0; p < batch.size(); p++) {
      HostTensor part = batch.get(p);
      if (sums.size() == p) {
        sums.add(new double[part.shape().intSize()]);
      }
      add(sums.get(p), part, task.spec().parameters().get(p));
    }
    rows += waiting;
    clear();
  }

  private void add(double[] sum, HostTensor part, String parameter) {
    for (int i = 0; i < sum.length; i++) {
      double value = part.at(i);
      if (!Double.isFinite(value)) {
        throw TangentsException.data(
            "%s: a sum over %d rows by '%s' has %s at element %d. Scale the features%s",
            task.function(),
            waiting,
            parameter,
            value,
            i,
            task.spec().precision().orWider("SET spark.tangents.dtype=double"));
      }
      sum[i] += value;
    }
  }

  private void clear() {
    waiting = 0;
    task.slots().forEach(slot -> pending.put(slot.content(), new ArrayList<>()));
  }
}
