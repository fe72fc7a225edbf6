package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What the tasks of one executor share: the loaded network and idle workers. Counted by the plugin
 * instances that hold it (in local mode, one for each Spark context in turn) and freed by the last.
 *
 * <p>The only object of the project that is reached through a static field: Spark gives a task no
 * other way to what outlives it.
 */
public final class ExecutorResources {
  private static final AtomicReference<ExecutorResources> CURRENT = new AtomicReference<>();

  private final Deque<Worker> idle = new ArrayDeque<>();
  private int holders;
  private WorkerSpec<?> spec;
  private Supplier<? extends Worker> maker;

  private ExecutorResources() {}

  /** Opens the resources, or joins those that are open. */
  public static synchronized void acquire() {
    CURRENT.updateAndGet(open -> open == null ? new ExecutorResources() : open).hold();
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

  /** What a task does with a worker. */
  @FunctionalInterface
  interface Work<W, T> {
    T with(W worker) throws IOException;
  }

  /**
   * Does a task's work with a worker; one that failed is not used again.
   *
   * @param files the model's files, by name
   * @throws TangentsException of category INTERNAL if the plugin is not installed
   */
  static <W extends Worker, T> T with(
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
        worker.close();
      }
    }
  }

  /**
   * A worker for one task, which gives it back with {@link #giveBack}. The network is loaded once;
   * workers of another specification are freed first.
   */
  private synchronized <W extends Worker> W borrow(
      WorkerSpec<W> wanted, Map<String, byte[]> files) {
    if (!wanted.equals(spec)) {
      closeIdle();
      maker = wanted.load(ModelFiles.of(files));
      spec = wanted;
    }
    Worker known = idle.pollFirst();
    // Idle workers and the maker are those of a specification that is equal to the wanted one.
    @SuppressWarnings("unchecked")
    W worker = (W) (known != null ? known : maker.get());
    return worker;
  }

  /** Takes a worker back for the next task; frees it if no task will want it. */
  private synchronized void giveBack(Worker worker) {
    if (holders > 0 && worker.spec().equals(spec)) {
      idle.addFirst(worker);
    } else {
      worker.close();
    }
  }

  private synchronized void hold() {
    holders++;
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
    idle.forEach(Worker::close);
    idle.clear();
  }
}
