package dev.tangents.udfs.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.spark.memory.MemoryConsumer;
import org.junit.jupiter.api.Test;

/** What a batch takes of Spark's memory, and when it gives it back. */
class BatchMemoryTest {
  private static final long MIB = RunningTask.MIB;

  @Test
  void sparkIsAskedForAMebibyteAtLeastAndForAsMuchAgain() {
    try (RunningTask task = new RunningTask(16 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertEquals(0, task.used());
      assertTrue(memory.take(1));
      assertEquals(MIB, task.used());
      assertTrue(memory.take(MIB / 2 - 1));
      assertEquals(MIB, task.used());
      assertTrue(memory.take(1));
      assertEquals(2 * MIB, task.used());
      assertTrue(memory.take(5 * MIB));
      assertEquals(2 * (MIB / 2 + 1 + 5 * MIB), task.used());
      memory.settle();
      assertEquals(MIB / 2 + 1 + 5 * MIB, task.used());
    }
  }

  @Test
  void aRowWithoutRoomIsRefused() {
    try (RunningTask task = new RunningTask(6 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertTrue(memory.take(2 * MIB));
      assertTrue(memory.take(MIB), "the last of its half");
      assertFalse(memory.take(1));
      memory.settle();
      assertEquals(3 * MIB, task.used());
      memory.release();
      assertEquals(0, task.used());
      assertTrue(memory.take(3 * MIB), "another batch has it all again");
    }
  }

  @Test
  void aRowBeyondAllMemoryOwesNothing() {
    try (RunningTask task = new RunningTask(2 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertFalse(memory.take(5 * MIB));
      memory.settle();
      memory.begin();
      assertTrue(memory.take(MIB));
    }
  }

  /** A sort above needs a page, or the query ends. */
  @Test
  void asMuchAgainIsLeftToOthers() {
    try (RunningTask task = new RunningTask(8 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      for (int row = 0; row < 4; row++) {
        assertTrue(memory.take(MIB));
      }
      memory.settle();
      assertEquals(4 * MIB, task.used());
      assertTrue(task.hasForOthers(4 * MIB));
      assertEquals(4 * MIB, task.used(), "nobody took what the batch needs");
    }
  }

  /** A sort that fills the other half must not make batches smaller, one after the other. */
  @Test
  void theNextBatchHasWhatTheLastOneHad() {
    try (RunningTask task = new RunningTask(8 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      memory.begin();
      assertTrue(memory.take(4 * MIB));
      memory.settle();
      MemoryConsumer sort = task.other();
      assertEquals(4 * MIB, sort.acquireMemory(4 * MIB));
      for (int batch = 0; batch < 3; batch++) {
        memory.begin();
        assertTrue(memory.take(3 * MIB));
        assertTrue(memory.take(MIB));
        assertFalse(memory.take(1));
        memory.settle();
        assertEquals(0, sort.acquireMemory(MIB), "it has as much as the batch");
      }
      sort.freeMemory(4 * MIB);
    }
  }

  /** What Spark gives a task shrinks when others start. */
  @Test
  void othersThatHaveLessGetWhatABatchIsCountedFor() {
    try (RunningTask task = new RunningTask(4 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      MemoryConsumer rest = task.other();
      memory.begin();
      assertTrue(memory.take(2 * MIB));
      memory.settle();
      assertEquals(2 * MIB, rest.acquireMemory(2 * MIB), "of the task, which has less now");
      MemoryConsumer sort = task.other();
      assertEquals(MIB, sort.acquireMemory(MIB));
      assertEquals(0, sort.acquireMemory(MIB), "both have as much");
      rest.freeMemory(2 * MIB);
      sort.freeMemory(MIB);
      assertEquals(MIB, task.used());
      memory.begin();
      assertTrue(memory.take(MIB));
      assertTrue(memory.take(MIB), "what is free again");
    }
  }

  /** Spark counts without a lock. */
  @Test
  void anotherThreadGetsNothingOfABatch() throws InterruptedException {
    try (RunningTask task = new RunningTask(4 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      memory.begin();
      assertTrue(memory.take(2 * MIB));
      memory.settle();
      MemoryConsumer rest = task.other();
      assertEquals(2 * MIB, rest.acquireMemory(2 * MIB));
      AtomicBoolean had = new AtomicBoolean(true);
      Thread other = new Thread(() -> had.set(task.hasForOthers(MIB)));
      other.start();
      other.join();
      assertFalse(had.get());
      assertTrue(task.hasForOthers(MIB), "the thread of the batch does");
      rest.freeMemory(2 * MIB);
    }
  }

  @Test
  void allIsGivenBackWhenTheTaskEnds() {
    try (RunningTask task = new RunningTask(4 * MIB)) {
      new BatchMemory(task.context()).take(MIB / 2);
      new BatchMemory(task.context()).take(MIB);
      assertEquals(3 * MIB, task.used());
      task.succeed();
      assertEquals(0, task.used());
    }
    try (RunningTask task = new RunningTask(4 * MIB)) {
      new BatchMemory(task.context()).take(5 * MIB);
      assertEquals(4 * MIB, task.used());
      task.fail(new IllegalStateException("a row that is none"));
      assertEquals(0, task.used());
    }
  }

  @Property(tries = 200)
  void memoryThatWasGrantedIsHeldAndOnlyRowsWithoutRoomAreRefused(
      @ForAll @Size(max = 40) List<@LongRange(min = 0, max = 3 * RunningTask.MIB) Long> rows) {
    try (RunningTask task = new RunningTask(4 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      long promised = 0;
      for (long bytes : rows) {
        if (memory.take(bytes)) {
          promised += bytes;
          assertTrue(task.used() >= 2 * promised);
          assertTrue(task.used() <= 2 * promised + MIB, "no more than is asked for at once");
        } else {
          assertTrue(2 * (promised + bytes) > 4 * MIB, "there was room");
          memory.settle();
          assertTrue(task.used() >= promised);
          memory.release();
          assertEquals(0, task.used());
          promised = 0;
        }
      }
    }
  }
}
