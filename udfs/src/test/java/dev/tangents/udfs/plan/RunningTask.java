package dev.tangents.udfs.plan;

import dev.tangents.udfs.executor.ExecutorResources;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.memory.TaskMemoryManager;
import org.apache.spark.memory.UnifiedMemoryManager;
import scala.Option;

/** The calling thread as a task of Spark's, alone with so much memory. */
final class RunningTask implements AutoCloseable {
  static final long MIB = 1 << 20;

  private final TaskMemoryManager memory;
  private final TaskContextImpl context;

  RunningTask(long bytes) {
    memory =
        new TaskMemoryManager(
            new UnifiedMemoryManager(new SparkConf(false), bytes, bytes / 2, 1), 0);
    context =
        new TaskContextImpl(
            0,
            0,
            0,
            0,
            0,
            1,
            memory,
            new Properties(),
            null,
            TaskMetrics.empty(),
            1,
            scala.collection.immutable.Map$.MODULE$.empty());
    TaskContext$.MODULE$.setTaskContext(context);
  }

  TaskContextImpl context() {
    return context;
  }

  /** What Spark has given it and not got back. */
  long used() {
    return memory.getMemoryConsumptionForThisTask();
  }

  /** Someone else in the task, who keeps what he has. */
  MemoryConsumer other() {
    return new MemoryConsumer(memory, MemoryMode.ON_HEAP) {
      @Override
      public long spill(long size, MemoryConsumer trigger) {
        return 0;
      }
    };
  }

  /** Whether someone else in the task gets so much. */
  boolean hasForOthers(long bytes) {
    MemoryConsumer other = other();
    long given = other.acquireMemory(bytes);
    other.freeMemory(given);
    return given == bytes;
  }

  void succeed() {
    context.markTaskCompleted(Option.empty());
  }

  void fail(Throwable failure) {
    context.markTaskFailed(failure);
    context.markTaskCompleted(Option.apply(failure));
  }

  @Override
  public void close() {
    TaskContext$.MODULE$.unset();
    // What the first batch has opened, for whoever wants another engine.
    ExecutorResources.release();
  }
}
