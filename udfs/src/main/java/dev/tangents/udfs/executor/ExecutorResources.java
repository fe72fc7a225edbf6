package dev.tangents.udfs.executor;

import com.codahale.metrics.MetricRegistry;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Cleanup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** In no pool any more, to be closed without the lock: native memory takes its time. */
  private final List<Worker> dropped = new ArrayList<>();

  private final WorkerPools pools = new WorkerPools(dropped::add);

  /**
   * Held while dropped workers are closed and while one is borrowed, so that whoever borrows has
   * their memory. Taken before the lock of this object, never within it.
   */
  private final Object room = new Object();

  /** All that are not closed, idle or not. */
  private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

  private int holders;
  private ExecutorMetrics metrics;
  private Background<LoadedEngine> engine;
  private GpuRequest gpu;
  private Limits limits;

  /** One for each worker that may compute at once. */
  private final Turns permits = new Turns();

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
   * be no plugin. Their metrics are seen by nobody. The limits of the query that began last hold
   * for all.
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
  public static void release() {
    ExecutorResources open;
    synchronized (ExecutorResources.class) {
      open = CURRENT.get();
      if (open != null && open.leave()) {
        CURRENT.compareAndSet(open, null);
      }
    }
    if (open != null) {
      open.closeDropped();
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
    resources.awaitTurn();
    try {
      return resources.use(wanted, files, work);
    } finally {
      resources.permits.release();
    }
  }

  private <W extends Worker, T> T use(
      WorkerSpec<W> wanted, Map<String, byte[]> files, Work<W, T> work) throws IOException {
    try (Loan<W> loan = new Loan<>()) {
      loan.begin(wanted, files);
      T result = work.with(loan.worker);
      loan.sound = true;
      return result;
    }
  }

  /** A worker in the hands of one task. */
  private final class Loan<W extends Worker> implements AutoCloseable {
    private W worker;

    /** Whether another task may have it. */
    private boolean sound;

    void begin(WorkerSpec<W> wanted, Map<String, byte[]> files) {
      synchronized (room) {
        try (Cleanup madeRoom = new Cleanup()) {
          madeRoom.add(ExecutorResources.this::closeDropped);
          worker = take(wanted, files);
        }
      }
    }

    @Override
    public void close() {
      if (worker != null && !(sound && keep(worker))) {
        ExecutorResources.this.close(worker);
      }
    }
  }

  private void awaitTurn() throws InterruptedIOException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a turn");
    }
  }

  private synchronized <W extends Worker> W take(WorkerSpec<W> wanted, Map<String, byte[]> files) {
    engine.join();
    Worker taken = pools.take(wanted, files, limits.modelBytes()).expect(limits.silence()).on(gpu);
    workers.add(taken);
    // A pool has the workers that a specification equal to the wanted one has made.
    @SuppressWarnings("unchecked")
    W worker = (W) taken;
    return worker;
  }

  /** Keeps a worker for the next task; false if no task will want it. */
  private synchronized boolean keep(Worker worker) {
    return holders > 0 && pools.keep(worker);
  }

  /** Closes workers that nobody else has any more. */
  private void closeDropped() {
    synchronized (room) {
      try (Cleanup all = new Cleanup()) {
        takeDropped().forEach(worker -> all.add(() -> close(worker)));
      }
    }
  }

  private synchronized List<Worker> takeDropped() {
    List<Worker> taken = List.copyOf(dropped);
    dropped.clear();
    return taken;
  }

  /** Closes a worker that is in no pool. It may hang in that, as in any native work. */
  private void close(Worker worker) {
    workers.remove(worker);
    try {
      worker.close();
    } finally {
      if (worker.hung()) {
        limits().onHang().run();
      }
    }
  }

  private synchronized Limits limits() {
    return limits;
  }

  private long nativeBytes() {
    return workers.stream().mapToLong(Worker::liveBytes).sum();
  }

  private synchronized void hold(
      MetricRegistry registry, EngineName name, GpuRequest device, Limits given) {
    holders++;
    gpu = device;
    limit(given);
    metrics = new ExecutorMetrics(registry, this::nativeBytes);
    engine = new Background<>("tangents-engine", () -> LoadedEngine.of(name, device));
  }

  private synchronized void limit(Limits given) {
    limits = given;
    permits.grant(given.workers());
  }

  private synchronized boolean leave() {
    holders--;
    // Workers keep what a run has read; the next run in this JVM, of whatever data, begins anew.
    pools.clear();
    return holders == 0;
  }

  /** Turns of which there may be more or fewer from one query to the next. */
  private static final class Turns extends Semaphore {
    private static final long serialVersionUID = 1L;

    private int all;

    Turns() {
      super(0, true);
    }

    /** So many from now on; of those that are taken, what is too many is not given again. */
    synchronized void grant(int now) {
      if (now > all) {
        release(now - all);
      } else {
        reducePermits(all - now);
      }
      all = now;
    }
  }
}
