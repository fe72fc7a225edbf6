package dev.tangents.udfs.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelSource;
import dev.tangents.udfs.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Which models and idle workers an executor keeps. */
class WorkerPoolsTest {
  /** 4 x 8 and 8 x 3 weights and 11 biases, in double. */
  private static final long MODEL_BYTES = 67 * 8;

  private final List<Worker> freed = new ArrayList<>();
  private final WorkerPools pools = new WorkerPools(freed::add);

  /** Workers of a model that do nothing. */
  private record Spec(String modelHash, int number, long othersBytes) implements WorkerSpec<Idle> {
    @Override
    public ModelSpec model() {
      return new ModelSpec("mlp:4-8-3:tanh?seed=1", ImportOptions.defaults(), List.of());
    }

    @Override
    public Supplier<Idle> maker(ModelSpec.Loaded loaded, Function<String, ModelSource> open) {
      return () -> new Idle(this, loaded);
    }
  }

  private static final class Idle extends Worker {
    private final ModelSpec.Loaded loaded;

    Idle(Spec spec, ModelSpec.Loaded loaded) {
      super(spec, EngineName.REFERENCE, Precision.DOUBLE);
      this.loaded = loaded;
    }

    @Override
    protected void free() {}
  }

  private Idle take(Spec spec, long modelBytes) {
    return (Idle) pools.take(spec, Map.of(), modelBytes);
  }

  @Test
  void anIdleWorkerIsUsedAgainAndAModelIsLoadedOnce() {
    Spec spec = new Spec("a", 1, 1);
    Idle worker = take(spec, MODEL_BYTES);
    assertNotSame(worker, take(spec, MODEL_BYTES), "the first is at work");
    assertTrue(pools.keep(worker));
    assertSame(worker, take(new Spec("a", 1, 1), MODEL_BYTES));
    assertSame(worker.loaded, take(new Spec("a", 2, 1), MODEL_BYTES).loaded);
    assertEquals(1, pools.models());
    assertTrue(freed.isEmpty());
  }

  @Test
  void modelsBeyondTheBoundGoWithTheirWorkers() {
    Idle first = take(new Spec("a", 1, 1), 2 * MODEL_BYTES);
    pools.keep(first);
    take(new Spec("b", 1, 1), 2 * MODEL_BYTES);
    assertEquals(2, pools.models());
    assertTrue(freed.isEmpty());
    take(new Spec("c", 1, 1), 2 * MODEL_BYTES);
    assertEquals(2, pools.models());
    assertEquals(List.of(first), freed, "of the model that was used longest ago");
    assertFalse(pools.keep(first), "its pool is gone");
  }

  @Test
  void oneModelIsKeptHoweverSmallTheBound() {
    Idle worker = take(new Spec("a", 1, 1), 0);
    assertTrue(pools.keep(worker));
    assertSame(worker, take(new Spec("a", 1, 1), 0));
  }

  @Test
  void aRunThatWantsAllMemoryFreesTheOthers() {
    Idle query = take(new Spec("a", 1, 1), MODEL_BYTES);
    pools.keep(query);
    take(new Spec("a", 2, 0), MODEL_BYTES);
    assertEquals(List.of(query), freed);
  }

  @Test
  void graphsOfManyQueriesAreForgotten() {
    for (int i = 0; i < 100; i++) {
      pools.keep(take(new Spec("a", i, 1), MODEL_BYTES));
    }
    assertEquals(100 - 32, freed.size());
    pools.clear();
    assertEquals(100, freed.size());
  }
}
