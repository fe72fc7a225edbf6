package dev.tangents.udfs.executor;

import dev.tangents.udfs.model.ModelFiles;
import dev.tangents.udfs.model.ModelSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Idle workers, by their specifications, and what makes more of them. Not thread-safe. */
final class WorkerPools {
  /** Each holds the graphs of a specification. */
  private static final int MOST_POOLS = 32;

  private record Pool(Supplier<? extends Worker> maker, Deque<Worker> idle) {
    long bytes() {
      return idle.stream().mapToLong(Worker::liveBytes).sum();
    }
  }

  private final Map<WorkerSpec<?>, Pool> pools = new LinkedHashMap<>(16, 0.75f, true);
  private final LoadedModels models = new LoadedModels(this::dropWorkersOf);
  private final Consumer<Worker> dropped;

  /** None yet; {@code dropped} is given each worker that is in no pool any more, to be closed. */
  WorkerPools(Consumer<Worker> dropped) {
    this.dropped = dropped;
  }

  /**
   * An idle worker of the specification, or a new one.
   *
   * @param files the model's files, by name
   * @param modelBytes what loaded models may take together
   */
  Worker take(WorkerSpec<?> spec, Map<String, byte[]> files, long modelBytes) {
    Pool pool = pools.get(spec);
    if (pool == null) {
      makeRoom(spec);
      ModelSpec.Loaded loaded = models.get(LoadedModels.Key.of(spec), files, modelBytes);
      pool = new Pool(spec.maker(loaded, ModelFiles.of(files)), new ArrayDeque<>());
      pools.put(spec, pool);
    }
    Worker known = pool.idle().pollFirst();
    if (known == null) {
      makeRoom(spec);
      return pool.maker().get();
    }
    return known;
  }

  /** Keeps a worker for the next task; false if its pool is gone. */
  boolean keep(Worker worker) {
    Pool pool = pools.get(worker.spec());
    if (pool != null) {
      pool.idle().addFirst(worker);
    }
    return pool != null;
  }

  /** Drops all idle workers and forgets everything. */
  void clear() {
    List.copyOf(pools.keySet()).forEach(this::drop);
    models.clear();
  }

  /** How many models are loaded. */
  int models() {
    return models.size();
  }

  /** Drops pools that were not used for the longest time, until the wanted one is content. */
  private void makeRoom(WorkerSpec<?> wanted) {
    List<WorkerSpec<?>> others =
        pools.keySet().stream().filter(spec -> !spec.equals(wanted)).toList();
    long bytes = others.stream().mapToLong(spec -> bytes(spec)).sum();
    int left = others.size();
    for (WorkerSpec<?> eldest : others) {
      if (wanted.othersBytes() > 0 && bytes <= wanted.othersBytes() && left < MOST_POOLS) {
        return;
      }
      bytes -= bytes(eldest);
      left--;
      drop(eldest);
    }
  }

  private long bytes(WorkerSpec<?> spec) {
    // Not get, which would make it the youngest.
    return pools.entrySet().stream()
        .filter(entry -> entry.getKey().equals(spec))
        .mapToLong(entry -> entry.getValue().bytes())
        .sum();
  }

  private void dropWorkersOf(LoadedModels.Key model) {
    pools.keySet().stream()
        .filter(spec -> LoadedModels.Key.of(spec).equals(model))
        .toList()
        .forEach(this::drop);
  }

  private void drop(WorkerSpec<?> spec) {
    pools.remove(spec).idle().forEach(dropped);
  }
}
