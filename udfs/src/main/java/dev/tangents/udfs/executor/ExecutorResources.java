package dev.tangents.udfs.executor;

import com.codahale.metrics.MetricRegistry;
import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the tasks of one executor share: loaded models, idle workers and metrics. Counted by the
 * plugin instances that hold it (in local mode, one for each Spark context in turn) and freed by
 * the last; where there is no plugin, opened by the first task and kept as long as the JVM.
 *
 * <p>The only object of the project that is reached through a static field: Spark gives a task no
 * other way to what outlives it.
 */
public final class ExecutorResources {
  private static final AtomicReference<ExecutorResources> CURRENT = new AtomicReference<>();

  private final WorkerPools pools = new WorkerPools(this::free);

  /** All that are not closed, idle or not. */
  private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

  private int holders;
  private ExecutorMetrics metrics;
  private Background<LoadedEngine> engine;
  private GpuRequest gpu;
  private Limits limits;

  /** One for each worker that may compute at once. */
  private Semaphore permits;

  private ExecutorResources() {}

  /**
   * What holds for all tasks.
   *
   * @param silence without a sign of life after which a task counts as hung
   * @param onHang done when its worker has been given up
   * @param modelBytes what loaded models may take together
   * @param workers that may compute at once, where they share a device; further tasks wait
   */
  public record Limits(Duration silence, Runnable onHang, long modelBytes, int workers) {
    /**
     * Limits where an executor whose native work hangs ends itself: nothing else gives back its
     * core and its memory. Spark runs its tasks on others.
     *
     * @param executor its name; a driver does not end itself
     */
    public static Limits of(Duration silence, String executor, long modelBytes) {
      return new Limits(
          silence, () -> ExecutorEnd.HUNG.end(executor, ""), modelBytes, Integer.MAX_VALUE);
    }

    /** The same where at most so many workers compute at once. */
    public Limits atOnce(int workers) {
      return new Limits(silence, onHang, modelBytes, workers);
    }
  }

  /**
   * Opens the resources, or joins those that are open. The engine's native libraries are loaded
   * meanwhile, which takes seconds; where they do not load, the first task says why.
   *
   * @param registry takes the metrics
   * @param engine what tasks will compute with
   * @param gpu which device an engine for GPUs computes on
   * @param limits what holds for all tasks
   */
  public static synchronized void acquire(
      MetricRegistry registry, EngineName engine, GpuRequest gpu, Limits limits) {
    CURRENT
        .updateAndGet(open -> open == null ? new ExecutorResources() : open)
        .hold(registry, engine, gpu, limits);
  }

  /**
   * Opens them for as long as the JVM lives, unless they are open: what a task does where there may
   * be no plugin. Their metrics are seen by nobody. The limits of the query that began last hold.
   */
  public static synchronized void ensure(EngineName engine, GpuRequest gpu, Limits limits) {
    ExecutorResources open = CURRENT.get();
    if (open == null) {
      acquire(new MetricRegistry(), engine, gpu, limits);
    } else {
      open.limit(limits);
    }
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
   * Does a task's work with a worker; one that failed is not used again. Waits while as many as may
   * are at work: a device has memory for so many, and computes for one at a time anyway.
   *
   * @param files the model's files, by name
   * @throws TangentsException of category INTERNAL if the plugin is not installed, of category
   *     SETUP if the engine does not load here
   */
  public static <W extends Worker, T> T with(
      WorkerSpec<W> wanted, Map<String, byte[]> files, Work<W, T> work) throws IOException {
    ExecutorResources resources = current();
    Semaphore permits = resources.permit();
    try {
      return resources.use(wanted, files, work);
    } finally {
      permits.release();
    }
  }

  private <W extends Worker, T> T use(
      WorkerSpec<W> wanted, Map<String, byte[]> files, Work<W, T> work) throws IOException {
    W worker = borrow(wanted, files);
    boolean sound = false;
    try {
      T result = work.with(worker);
      sound = true;
      return result;
    } finally {
      if (sound) {
        giveBack(worker);
      } else {
        free(worker);
      }
    }
  }

  /** Takes a permit, and returns where it goes back to. */
  private Semaphore permit() throws InterruptedIOException {
    Semaphore all;
    synchronized (this) {
      all = permits;
    }
    try {
      all.acquire();
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a turn");
    }
  }

  /** A worker for one task, which gives it back with {@link #giveBack}. */
  private synchronized <W extends Worker> W borrow(
      WorkerSpec<W> wanted, Map<String, byte[]> files) {
    engine.join();
    Worker taken = pools.take(wanted, files, limits.modelBytes()).expect(limits.silence()).on(gpu);
    workers.add(taken);
    // A pool has the workers that a specification equal to the wanted one has made.
    @SuppressWarnings("unchecked")
    W worker = (W) taken;
    return worker;
  }

  /** Takes a worker back for the next task; frees it if no task will want it. */
  private synchronized void giveBack(Worker worker) {
    if (holders == 0 || !pools.keep(worker)) {
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

  private synchronized void hold(
      MetricRegistry registry, EngineName name, GpuRequest device, Limits given) {
    holders++;
    gpu = device;
    limits = given;
    permits = new Semaphore(given.workers(), true);
    metrics = new ExecutorMetrics(registry, this::nativeBytes);
    engine = new Background<>("tangents-engine", () -> LoadedEngine.of(name, device));
  }

  private synchronized void limit(Limits given) {
    limits = given;
  }

  private synchronized boolean leave() {
    holders--;
    // Workers keep what a run has read; the next run in this JVM, of whatever data, begins anew.
    pools.clear();
    return holders == 0;
  }
}
