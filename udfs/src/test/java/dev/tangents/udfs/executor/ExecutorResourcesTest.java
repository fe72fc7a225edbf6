package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.codahale.metrics.MetricRegistry;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelSource;
import dev.tangents.udfs.model.ModelSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who opens the resources and what stays when somebody leaves. */
class ExecutorResourcesTest {
  private static final ExecutorResources.Limits LIMITS =
      ExecutorResources.Limits.of(Duration.ofMinutes(1), "driver", 1 << 20);

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
    ExecutorResources.ensure(EngineName.REFERENCE, LIMITS); // as the first task of a query does
    ExecutorResources.acquire(new MetricRegistry(), EngineName.REFERENCE, LIMITS);
    Idle ofTheRun = worker();
    assertSame(ofTheRun, worker());
    ExecutorResources.release();
    Idle after = worker();
    assertNotSame(ofTheRun, after);
    assertSame(after, worker(), "the resources are still open");
  }

  /** A session may SET another bound; its next query has it. */
  @Test
  void limitsAreThoseOfTheQueryThatBeganLast() throws IOException {
    ExecutorResources.ensure(EngineName.REFERENCE, LIMITS);
    Idle first = ExecutorResources.with(new Spec("first"), Map.of(), worker -> worker);
    ExecutorResources.with(new Spec("second"), Map.of(), worker -> worker);
    assertSame(first, ExecutorResources.with(new Spec("first"), Map.of(), worker -> worker));
    ExecutorResources.ensure(
        EngineName.REFERENCE, ExecutorResources.Limits.of(Duration.ofMinutes(1), "driver", 0));
    ExecutorResources.with(new Spec("third"), Map.of(), worker -> worker);
    assertNotSame(first, ExecutorResources.with(new Spec("first"), Map.of(), worker -> worker));
  }
}
