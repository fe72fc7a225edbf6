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
  BatchMemory(TaskContext task) {
    super(task.taskMemoryManager(), MemoryMode.ON_HEAP);
    TaskCompletionListener whenEnded = ended -> release();
    task.addTaskCompletionListener(whenEnded);
  }

  /** Asks for the memory of another row. Whether it was given; what was, is kept either way. */
  boolean take(long bytes) {
    return acquireMemory(bytes) == bytes;
  }

  /** Gives everything back. */
  void release() {
    freeMemory(getUsed());
  }

  @Override
  public long spill(long size, MemoryConsumer trigger) {
    return 0;
  }
}
