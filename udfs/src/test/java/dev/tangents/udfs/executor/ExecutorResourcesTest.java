package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
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
    return tasks.submit(
        () ->
            ExecutorResources.with(
                new Spec("a"),
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
}
