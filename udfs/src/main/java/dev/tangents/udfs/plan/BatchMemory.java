package dev.tangents.udfs.plan;

import org.apache.spark.TaskContext;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The memory of batches in a task, as Spark counts it. A batch is not spilled: where there is no
 * memory for more rows, it is computed with those that it has.
 *
 * <p>A batch grows while as much again is free for others: a sort or a write above it that gets
 * nothing ends the query. What one batch was given the next one keeps, or a sort would take it, and
 * batches would become ever smaller. Where another operator has less nevertheless, since more tasks
 * run than before, it gets what the batch is counted for, until both have as much: then more is
 * used than counted, by half of what there was at most.
 */
final class BatchMemory extends MemoryConsumer {
  /** Spark is asked for this much at least, since asking takes longer than reading a row. */
  private static final long LEAST = 1 << 20;

  /** As much again is left to others. */
  private static final int SHARE = 2;

  /** Bytes of the rows of this batch so far. */
  private long needed;

  /** Bytes that batches may fill without asking. */
  private long granted;

  /** Who gathers batches: Spark counts without a lock. */
  private Thread owner;

  BatchMemory(TaskContext task) {
    super(task.taskMemoryManager(), MemoryMode.ON_HEAP);
    TaskCompletionListener whenEnded = ended -> release();
    task.addTaskCompletionListener(whenEnded);
  }

  /** Begins a batch; the rows of the last one are gone. */
  void begin() {
    owner = Thread.currentThread();
    needed = 0;
  }

  /** Takes the memory of another row. Whether it was there. */
  boolean take(long bytes) {
    needed += bytes;
    if (needed <= granted) {
      return true;
    }
    long missing = SHARE * needed - getUsed();
    if (missing > 0) {
      acquireMemory(Math.max(LEAST, missing));
    }
    boolean there = SHARE * needed <= getUsed();
    if (there) {
      granted = needed;
    }
    return there;
  }

  /** Leaves the others' share to them: no row comes any more. */
  void settle() {
    freeMemory(Math.max(0, getUsed() - granted));
  }

  /** Gives everything back. */
  void release() {
    needed = 0;
    granted = 0;
    freeMemory(getUsed());
  }

  @Override
  public long spill(long size, MemoryConsumer trigger) {
    if (trigger == this
        || trigger.getUsed() + size > getUsed()
        || Thread.currentThread() != owner) {
      return 0;
    }
    long given = Math.min(size, getUsed());
    freeMemory(given);
    granted = Math.min(granted, getUsed());
    return given;
  }
}
