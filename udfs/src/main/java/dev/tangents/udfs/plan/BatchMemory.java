package dev.tangents.udfs.plan;

import org.apache.spark.TaskContext;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The memory of a batch in a task, as Spark counts it. A batch is not spilled: where there is no
 * memory for more rows, it is computed with those that it has.
 */
final class BatchMemory extends MemoryConsumer {
  /** Spark is asked for this much at least, since asking takes longer than reading a row. */
  private static final long LEAST = 1 << 20;

  /** What was given and is not used yet. */
  private long left;

  BatchMemory(TaskContext task) {
    super(task.taskMemoryManager(), MemoryMode.ON_HEAP);
    TaskCompletionListener whenEnded = ended -> release();
    task.addTaskCompletionListener(whenEnded);
  }

  /** Takes the memory of another row. Whether it was there; what was, is kept either way. */
  boolean take(long bytes) {
    if (bytes > left) {
      left += acquireMemory(Math.max(LEAST, bytes - left));
    }
    left -= bytes;
    return left >= 0;
  }

  /** Gives everything back. */
  void release() {
    left = 0;
    freeMemory(getUsed());
  }

  @Override
  public long spill(long size, MemoryConsumer trigger) {
    return 0;
  }
}
