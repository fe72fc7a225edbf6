package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelSource;
import dev.tangents.udfs.model.ModelSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who opens the resources, what stays when somebody leaves, and who has to wait. */
@Timeout(60)
class ExecutorResourcesTest {
  private static final ExecutorResources.Limits LIMITS =
      ExecutorResources.Limits.of(Duration.ofMinutes(1), "driver", 1 << 20);

  private static final GpuRequest GPU = GpuRequest.of("driver", List.of());

  private static final long SECONDS = 30;

  private final ExecutorService tasks = Executors.newCachedThreadPool();

  private record Spec(String modelHash) implements WorkerSpec<Idle> {
    @Override
    public ModelSpec model() {
      return new ModelSpec("mlp:4-8-3:tanh?seed=1", ImportOptions.defaults(), List.of());
    }

    @Override
    public Supplier<Idle> maker(ModelSpec.Loaded loaded, Function<String, ModelSource> open) {
      return () -> new Idle(this);
    }

    @Override
    public long othersBytes() {
      return 1 << 20;
    }
  }

  private static final class Idle extends Worker {
    Idle(Spec spec) {
      super(spec, EngineName.REFERENCE, Precision.DOUBLE);
    }

    @Override
    protected void free() {}
  }

  private static Idle worker() throws IOException {
    return ExecutorResources.with(new Spec("a"), Map.of(), worker -> worker);
  }

  /** A worker of a run has its data; a run that follows must not see it. */
  @Test
  void nothingOfARunIsLeftWhereQueriesGoOn() throws IOException {
    ExecutorResources.ensure(
        EngineName.REFERENCE, GPU, LIMITS); // as the first task of a query does
    ExecutorResources.acquire(new MetricRegistry(), EngineName.REFERENCE, GPU, LIMITS);
    Idle ofTheRun = worker();
    assertSame(ofTheRun, worker());
    ExecutorResources.release();
    Idle after = worker();
    assertNotSame(ofTheRun, after);
    assertSame(after, worker(), "the resources are still open");
  }

  @Test
  void furtherTasksWaitWhileAsManyAsMayAreAtWork() throws Exception {
    ExecutorResources.acquire(new MetricRegistry(), EngineName.REFERENCE, GPU, LIMITS.atOnce(1));
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    try {
      Future<?> first = task(entered, finish);
      assertTrue(entered.await(SECONDS, TimeUnit.SECONDS));
      Future<?> next = task(second, finish);
      assertFalse(second.await(200, TimeUnit.MILLISECONDS), "two are at work");
      Future<?> killed = task(new CountDownLatch(1), finish);
      assertTrue(killed.cancel(true), "a task that waits can be killed");
      finish.countDown();
      first.get(SECONDS, TimeUnit.SECONDS);
      next.get(SECONDS, TimeUnit.SECONDS);
      assertEquals(0, second.getCount());
    } finally {
      tasks.shutdownNow();
      ExecutorResources.release();
    }
  }

  private Future<?> task(CountDownLatch entered, CountDownLatch finish) {
    return task(new Spec("a"), entered, finish);
  }

  private Future<?> task(WorkerSpec<?> spec, CountDownLatch entered, CountDownLatch finish) {
    return tasks.submit(
        () ->
            ExecutorResources.with(
                spec,
                Map.of(),
                worker -> {
                  entered.countDown();
                  try {
                    return finish.await(SECONDS, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
  }

  /** A session may SET another bound; its next query has it. */
  @Test
  void limitsAreThoseOfTheQueryThatBeganLast() throws IOException {
    ExecutorResources.ensure(EngineName.REFERENCE, GPU, LIMITS);
    Idle first = ExecutorResources.with(new Spec("first"), Map.of(), worker -> worker);
    ExecutorResources.with(new Spec("second"), Map.of(), worker -> worker);
    assertSame(first, ExecutorResources.with(new Spec("first"), Map.of(), worker -> worker));
    ExecutorResources.ensure(
        EngineName.REFERENCE, GPU, ExecutorResources.Limits.of(Duration.ofMinutes(1), "driver", 0));
    ExecutorResources.with(new Spec("third"), Map.of(), worker -> worker);
    assertNotSame(first, ExecutorResources.with(new Spec("first"), Map.of(), worker -> worker));
  }

  /** What its workers hold cannot be given back until somebody lets them. */
  private record Slow(String modelHash, long othersBytes, CountDownLatch closing, CountDownLatch go)
      implements WorkerSpec<SlowWorker> {
    @Override
    public ModelSpec model() {
      return new ModelSpec("mlp:4-8-3:tanh?seed=1", ImportOptions.defaults(), List.of());
    }

    @Override
    public Supplier<SlowWorker> maker(ModelSpec.Loaded loaded, Function<String, ModelSource> open) {
      return () -> new SlowWorker(this);
    }
  }

  private static final class SlowWorker extends Worker {
    private final Slow spec;

    SlowWorker(Slow spec) {
      super(spec, EngineName.REFERENCE, Precision.DOUBLE);
      this.spec = spec;
    }

    @Override
    protected void free() {
      spec.closing.countDown();
      try {
        spec.go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final Slow slow = new Slow("slow", 1 << 20, closing, go);

  /** Leaves no memory to others, as a stage of a run. */
  private static Slow greedy() {
    return new Slow("greedy", 0, new CountDownLatch(1), new CountDownLatch(0));
  }

  @Test
  void anExecutorWhoseWorkerHangsAsItIsClosedEnds() {
    AtomicInteger ended = new AtomicInteger();
    ExecutorResources.ensure(
        EngineName.REFERENCE,
        GPU,
        new ExecutorResources.Limits(
            Duration.ofMillis(300), ended::incrementAndGet, 1 << 20, Integer.MAX_VALUE));
    IOException failed =
        assertThrows(
            IOException.class,
            () ->
                ExecutorResources.with(
                    slow,
                    Map.of(),
                    worker -> {
                      throw new IOException("the disk is gone");
                    }));
    go.countDown();
    assertEquals("the disk is gone", failed.getMessage());
    assertTrue(failed.getSuppressed()[0].getMessage().contains("is taken for hung"));
    assertEquals(1, ended.get());
  }

  @Test
  void othersGoOnWhileAWorkerThatWasGivenBackIsClosed() throws Exception {
    ExecutorResources.ensure(EngineName.REFERENCE, GPU, LIMITS);
    try {
      CountDownLatch entered = new CountDownLatch(1);
      CountDownLatch finish = new CountDownLatch(1);
      Future<?> first = task(slow, entered, finish);
      assertTrue(entered.await(SECONDS, TimeUnit.SECONDS));
      ExecutorResources.with(greedy(), Map.of(), worker -> worker); // the pool of the first is gone
      finish.countDown();
      assertTrue(closing.await(SECONDS, TimeUnit.SECONDS));
      Future<?> next = task(new Spec("a"), new CountDownLatch(1), new CountDownLatch(0));
      next.get(SECONDS / 3, TimeUnit.SECONDS);
      assertFalse(first.isDone());
      go.countDown();
      first.get(SECONDS, TimeUnit.SECONDS);
    } finally {
      go.countDown();
      tasks.shutdownNow();
    }
  }

  /** Who is planned with all the memory must not begin while others hold some. */
  @Test
  void whoBorrowsWaitsForMemoryAndOthersDoNot() throws Exception {
    ExecutorResources.ensure(EngineName.REFERENCE, GPU, LIMITS);
    try {
      ExecutorResources.with(slow, Map.of(), worker -> worker); // idle from here on
      CountDownLatch first = new CountDownLatch(1);
      CountDownLatch second = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(0);
      List<Future<?>> greedy = List.of(task(greedy(), first, done), task(greedy(), second, done));
      assertTrue(closing.await(SECONDS, TimeUnit.SECONDS));
      tasks.submit(ExecutorResources::metrics).get(SECONDS / 3, TimeUnit.SECONDS);
      assertFalse(first.await(200, TimeUnit.MILLISECONDS));
      assertEquals(1, second.getCount());
      go.countDown();
      for (Future<?> one : greedy) {
        one.get(SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      go.countDown();
      tasks.shutdownNow();
    }
  }

  @Test
  void aQueryMayLetMoreOrFewerComputeAtOnce() throws Exception {
    try {
      ExecutorResources.ensure(EngineName.REFERENCE, GPU, LIMITS.atOnce(2));
      CountDownLatch both = new CountDownLatch(2);
      CountDownLatch finish = new CountDownLatch(1);
      List<Future<?>> two = List.of(task(both, finish), task(both, finish));
      assertTrue(both.await(SECONDS, TimeUnit.SECONDS));
      ExecutorResources.ensure(EngineName.REFERENCE, GPU, LIMITS.atOnce(1));
      CountDownLatch third = new CountDownLatch(1);
      Future<?> waiting = task(third, finish);
      assertFalse(third.await(200, TimeUnit.MILLISECONDS), "three are at work");
      ExecutorResources.ensure(EngineName.REFERENCE, GPU, LIMITS.atOnce(3));
      assertTrue(third.await(SECONDS / 3, TimeUnit.SECONDS), "the first two end later");
      finish.countDown();
      for (Future<?> one : List.of(two.get(0), two.get(1), waiting)) {
        one.get(SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      tasks.shutdownNow();
    }
  }
}
