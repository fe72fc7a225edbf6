package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Work that does not come back. */
class WorkerTest {
  private static final Duration SILENCE = Duration.ofMillis(300);

  /** A worker without work of its own. */
  private static final class Plain extends Worker {
    private boolean freed;

    Plain() {
      super(null, EngineName.REFERENCE, Precision.DOUBLE);
      expect(SILENCE);
    }

    @Override
    protected void free() {
      freed = true;
    }
  }

  @Test
  void aHungWorkerIsGivenUpWithoutWaitingForIt() {
    CountDownLatch never = new CountDownLatch(1);
    Plain worker = new Plain();
    TangentsException hung =
        assertTimeoutPreemptively(
            Duration.ofSeconds(30),
            () ->
                assertThrows(
                    TangentsException.class,
                    () ->
                        worker.onThread(
                            () -> {
                              never.await();
                              return null;
                            })));
    assertTrue(hung.getMessage().contains("is taken for hung"), hung.getMessage());
    assertTrue(worker.hung());
    assertTimeoutPreemptively(Duration.ofSeconds(30), worker::close);
    assertFalse(worker.freed);
  }

  @Test
  void signsOfLifeKeepItAlive() {
    Plain worker = new Plain();
    int beats =
        worker.onThread(
            () -> {
              int count = 0;
              long end = System.nanoTime() + 3 * SILENCE.toNanos();
              while (System.nanoTime() < end) {
                Thread.sleep(SILENCE.toMillis() / 10);
                worker.beat();
                count++;
              }
              return count;
            });
    assertTrue(beats > 3);
    assertFalse(worker.hung());
    assertEquals("done", worker.onThread(() -> "done"));
    worker.close();
    assertTrue(worker.freed);
  }
}
