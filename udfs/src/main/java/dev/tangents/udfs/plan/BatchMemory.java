package dev.tangents.udfs.plan;

import org.apache.spark.TaskContext;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The memory of a batch in a task, as Spark counts it. A batch is not spilled: where there is no
 * memory for more rows, it is computed with those that it has. It takes half of what there is at
 * most: a sort or a write above it that gets nothing ends the query. Where others come to have
 * less, since more tasks run, they get what the batch is counted for, which then is in the half of
 * it that nobody was given.
 */
final class BatchMemory extends MemoryConsumer {
  /** Spark is asked for this much at least, since asking takes longer than reading a row. */
  private static final long LEAST = 1 << 20;

  /** As much again is left to others. */
  private static final int SHARE = 2;

  /** Bytes of the rows so far. */
  private long needed;

  /** Whether another operator has asked for memory since the batch began. */
  private boolean pressed;

  /** Who gathers the batch: Spark counts without a lock. */
  private Thread owner;

  BatchMemory(TaskContext task) {
    super(task.taskMemoryManager(), MemoryMode.ON_HEAP);
    TaskCompletionListener whenEnded = ended -> release();
    task.addTaskCompletionListener(whenEnded);
  }

  /** Takes the memory of another row. Whether it was there; what was, is kept either way. */
  boolean take(long bytes) {
    owner = Thread.currentThread();
    needed += bytes;
    long missing = SHARE * needed - getUsed();
    if (missing > 0 && !pressed) {
      acquireMemory(Math.max(LEAST, missing));
    }
    return !pressed && SHARE * needed <= getUsed();
  }

  /** Leaves the others' share to them: no row comes any more. */
  void settle() {
    freeMemory(Math.max(0, getUsed() - needed));
  }

  /** Gives everything back. */
  void release() {
    needed = 0;
    pressed = false;
    freeMemory(getUsed());
  }

  @Override
  public long spill(long size, MemoryConsumer trigger) {
    if (trigger == this || Thread.currentThread() != owner) {
      return 0;
    }
    pressed = true;
    long given = Math.min(size, getUsed());
    freeMemory(given);
    return given;
  }
}
