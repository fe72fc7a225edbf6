package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** A worker that does not free what it prepared, on an engine that does not close. */
  private static final class Failing extends Worker {
    Failing(AtomicInteger closed) {
      super(null, gpu -> unclosable(closed));
    }

    @Override
    protected void free() {
      throw new IllegalStateException("free");
    }
  }

  /** An engine that can but be closed, and fails at that. */
  private static Engine unclosable(AtomicInteger closed) {
    return (Engine)
        Proxy.newProxyInstance(
            WorkerTest.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (engine, method, arguments) -> {
              assertEquals("close", method.getName());
              closed.incrementAndGet();
              throw new IllegalStateException("close");
            });
  }

  @Test
  void theEngineIsClosedAndTheThreadEndsWhateverFails() throws InterruptedException {
    AtomicInteger closed = new AtomicInteger();
    Failing worker = new Failing(closed);
    worker.onThread(worker::engine); // opens it
    Thread thread = worker.onThread(Thread::currentThread);
    IllegalStateException failed = assertThrows(IllegalStateException.class, worker::close);
    assertEquals("free", failed.getMessage());
    assertEquals(1, closed.get());
    assertEquals("close", failed.getSuppressed()[0].getMessage());
    thread.join(Duration.ofSeconds(30).toMillis());
    assertFalse(thread.isAlive());
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    Plain worker = new Plain();
    FileNotFoundException missing = new FileNotFoundException("panel-00000.parquet");
    UncheckedIOException failed =
        assertThrows(
            UncheckedIOException.class,
            () ->
                worker.onThread(
                    () -> {
                      throw missing;
                    }));
    assertSame(missing, failed.getCause());
    worker.close();
  }
}
