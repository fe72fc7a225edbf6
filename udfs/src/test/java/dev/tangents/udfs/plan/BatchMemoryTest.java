package dev.tangents.udfs.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a batch takes of Spark's memory, and when it gives it back. */
class BatchMemoryTest {
  private static final long MIB = RunningTask.MIB;

  @Test
  void sparkIsAskedForAMebibyteAtLeast() {
    try (RunningTask task = new RunningTask(8 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertEquals(0, task.used());
      assertTrue(memory.take(1));
      assertEquals(MIB, task.used());
      assertTrue(memory.take(MIB - 1));
      assertEquals(MIB, task.used());
      assertTrue(memory.take(1));
      assertEquals(2 * MIB, task.used());
      assertTrue(memory.take(5 * MIB));
      assertEquals(2 * MIB + 5 * MIB - (MIB - 1), task.used());
    }
  }

  @Test
  void aRowWithoutRoomIsRefusedAndWhatIsHeldStays() {
    try (RunningTask task = new RunningTask(3 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertTrue(memory.take(2 * MIB));
      assertTrue(memory.take(MIB), "the last that there is");
      assertFalse(memory.take(1));
      assertEquals(3 * MIB, task.used());
      memory.release();
      assertEquals(0, task.used());
      assertTrue(memory.take(3 * MIB), "another batch has it all again");
    }
  }

  @Test
  void aRowBeyondAllMemoryTakesAllOfIt() {
    try (RunningTask task = new RunningTask(2 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertFalse(memory.take(5 * MIB));
      assertEquals(2 * MIB, task.used());
      memory.release();
      assertTrue(memory.take(MIB), "nothing is owed");
    }
  }

  /** Sorts and joins of the same task get along without, or spill. */
  @Test
  void memoryOfABatchIsNotTakenByOthers() {
    try (RunningTask task = new RunningTask(4 * MIB)) {
      BatchMemory memory = new BatchMemory(task.context());
      assertTrue(memory.take(3 * MIB));
      assertTrue(task.hasForOthers(MIB));
      assertFalse(task.hasForOthers(2 * MIB));
      assertEquals(3 * MIB, task.used());
    }
  }

  @Test
  void allIsGivenBackWhenTheTaskEnds() {
    try (RunningTask task = new RunningTask(4 * MIB)) {
      new BatchMemory(task.context()).take(MIB);
      new BatchMemory(task.context()).take(2 * MIB);
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
          assertTrue(task.used() >= promised);
          assertTrue(task.used() <= promised + MIB, "no more than is asked for at once");
        } else {
          assertTrue(promised + bytes > 4 * MIB, "there was room");
          memory.release();
          assertEquals(0, task.used());
          promised = 0;
        }
      }
    }
  }
}
