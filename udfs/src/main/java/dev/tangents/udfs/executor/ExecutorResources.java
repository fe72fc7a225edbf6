package dev.tangents.udfs.executor;

import com.codahale.metrics.MetricRegistry;
import dev.tangents.error.TangentsException;
import dev.tangents.udfs.model.ModelFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What the tasks of one executor share: the loaded network, idle workers and metrics. Counted by
 * the plugin instances that hold it (in local mode, one for each Spark context in turn) and freed
 * by the last.
 *
 * <p>The only object of the project that is reached through a static field: Spark gives a task no
 * other way to what outlives it.
 */
public final class ExecutorResources {
  private static final AtomicReference<ExecutorResources> CURRENT = new AtomicReference<>();

  private final Deque<Worker> idle = new ArrayDeque<>();

  /** All that are not closed, idle or not. */
  private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

  private int holders;
  private WorkerSpec<?> spec;
  private Supplier<? extends Worker> maker;
  private ExecutorMetrics metrics;
  private Background<LoadedEngine> engine;
  private Limits limits;

  private ExecutorResources() {}

  /**
   * When a task counts as hung, and what is done then.
   *
   * @param silence without a sign of life
   * @param onHang done when its worker has been given up
   */
  public record Limits(Duration silence, Runnable onHang) {}

  /**
   * Opens the resources, or joins those that are open. The engine's native libraries are loaded
   * meanwhile, which takes seconds; where they do not load, the first task says why.
   *
   * @param registry takes the metrics
   * @param engine what tasks will compute with
   * @param limits when a task counts as hung
   */
  public static synchronized void acquire(
      MetricRegistry registry, EngineName engine, Limits limits) {
    CURRENT
        .updateAndGet(open -> open == null ? new ExecutorResources() : open)
        .hold(registry, engine, limits);
  }

  /** Leaves them; the last to leave frees them. */
  public static synchronized void release() {
    ExecutorResources open = CURRENT.get();
    if (open != null && open.leave()) {
      CURRENT.compareAndSet(open, null);
    }
  }

  private static ExecutorResources current() {
    ExecutorResources open = CURRENT.get();
    if (open == null) {
      throw TangentsException.internal(
          "Executor: its resources are not open. spark.plugins must name dev.tangents.job.TangentsPlugin");
    }
    return open;
  }

  /**
   * The executor's metrics, for tasks to add to.
   *
   * @throws TangentsException of category INTERNAL if the plugin is not installed
   */
  public static ExecutorMetrics metrics() {
    ExecutorResources resources = current();
    synchronized (resources) {
      return resources.metrics;
    }
  }

  /**
   * The engine that this executor has loaded.
   *
   * @throws TangentsException of category SETUP if it does not load here
   */
  public static LoadedEngine engine() {
    ExecutorResources resources = current();
    Background<LoadedEngine> loading;
    synchronized (resources) {
      loading = resources.engine;
    }
    return loading.join();
  }

  /** What a task does with a worker. */
  @FunctionalInterface
  public interface Work<W, T> {
    /** Works, and returns what it has worked out. */
    T with(W worker) throws IOException;
  }

  /**
   * Does a task's work with a worker; one that failed is not used again.
   *
   * @param files the model's files, by name
   * @throws TangentsException of category INTERNAL if the plugin is not installed, of category
   *     SETUP if the engine does not load here
   */
  public static <W extends Worker, T> T with(
      WorkerSpec<W> wanted, Map<String, byte[]> files, Work<W, T> work) throws IOException {
    ExecutorResources resources = current();
    W worker = resources.borrow(wanted, files);
    boolean sound = false;
    try {
      T result = work.with(worker);
      sound = true;
      return result;
    } finally {
      if (sound) {
        resources.giveBack(worker);
      } else {
        resources.free(worker);
      }
    }
  }

  /**
   * A worker for one task, which gives it back with {@link #giveBack}. The network is loaded once;
   * workers of another specification are freed first.
   */
  private synchronized <W extends Worker> W borrow(
      WorkerSpec<W> wanted, Map<String, byte[]> files) {
    engine.join();
    if (!wanted.equals(spec)) {
      closeIdle();
      maker = wanted.load(ModelFiles.of(files));
      spec = wanted;
    }
    Worker known = idle.pollFirst();
    if (known == null) {
      known = maker.get().expect(limits.silence());
      workers.add(known);
    }
    // Idle workers and the maker are those of a specification that is equal to the wanted one.
    @SuppressWarnings("unchecked")
    W worker = (W) known;
    return worker;
  }

  /** Takes a worker back for the next task; frees it if no task will want it. */
  private synchronized void giveBack(Worker worker) {
    if (holders > 0 && worker.spec().equals(spec)) {
      idle.addFirst(worker);
    } else {
      free(worker);
    }
  }

  private void free(Worker worker) {
    workers.remove(worker);
    worker.close();
    if (worker.hung()) {
      limits.onHang().run();
    }
  }

  private long nativeBytes() {
    return workers.stream().mapToLong(Worker::liveBytes).sum();
  }

  private synchronized void hold(MetricRegistry registry, EngineName name, Limits given) {
    holders++;
    limits = given;
    metrics = new ExecutorMetrics(registry, this::nativeBytes);
    engine = new Background<>("tangents-engine", () -> LoadedEngine.of(name));
  }

  private synchronized boolean leave() {
    holders--;
    if (holders > 0) {
      return false;
    }
    closeIdle();
    spec = null;
    maker = null;
    return true;
  }

  private void closeIdle() {
    idle.forEach(this::free);
    idle.clear();
  }
}
