package dev.tangents.udfs.executor;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceWork;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * An engine and what is prepared on it. Everything native happens on one thread of its own, since
 * an engine belongs to the thread that made it and Spark's come and go.
 */
public abstract class Worker implements AutoCloseable {
  /** Looks at the clock in the time after which it counts as hung. */
  private static final int LOOKS = 20;

  private final WorkerSpec<?> spec;
  private final Function<GpuRequest, Engine> open;
  private final ExecutorService thread;

  /** Written by the thread alone; others ask how much it holds. */
  private volatile Engine engine;

  /** When the thread last gave a sign of life. */
  private volatile long beat;

  private volatile boolean hung;

  /** What the device had done when somebody last asked. On the thread alone. */
  private DeviceWork taken = DeviceWork.NONE;

  private Duration silence = Duration.ofDays(1);
  private GpuRequest gpu = GpuRequest.none();

  /** A worker that opens its engine at first use. */
  protected Worker(WorkerSpec<?> spec, EngineName engineName, Precision precision) {
    this(spec, gpu -> Engines.open(engineName, precision, gpu));
  }

  /**
   * The same with an engine of any kind.
   *
   * @param open opens it, on its thread
   */
  protected Worker(WorkerSpec<?> spec, Function<GpuRequest, Engine> open) {
    this.spec = spec;
    this.open = open;
    // The class loader of Spark's thread is the one that sees the application's jars.
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread created = new Thread(task, "tangents-worker");
              created.setDaemon(true);
              created.setContextClassLoader(loader);
              return created;
            });
  }

  /** Takes the worker for hung when its thread gives no sign of life for so long. */
  final Worker expect(Duration signs) {
    silence = signs;
    return this;
  }

  /** Computes on this device, where its engine is one for GPUs. */
  final Worker on(GpuRequest device) {
    gpu = device;
    return this;
  }

  /** Whether its thread does not come back from native code. It is of no further use. */
  public final boolean hung() {
    return hung;
  }

  /** A sign of life, between two pieces of native work. */
  protected final void beat() {
    beat = System.nanoTime();
  }

  /** What it was made from. */
  final WorkerSpec<?> spec() {
    return spec;
  }

  /** Name, versions and device of the engine. */
  public final String describe() {
    return onThread(() -> engine().describe());
  }

  /** The device that the engine computes on; empty where it is the processor. */
  public final String device() {
    return onThread(() -> engine().device().orElse(""));
  }

  /** What that device was asked to do since the last call. */
  public final DeviceWork takeDeviceWork() {
    return onThread(
        () -> {
          DeviceWork all = engine().deviceWork();
          DeviceWork since = all.since(taken);
          taken = all;
          return since;
        });
  }

  /** Operations a second that the device can do at most; 0 where that is not known. */
  public final double peakFlops(Arithmetic arithmetic) {
    return onThread(() -> engine().peakFlops(arithmetic));
  }

  /** What would make the engine faster here, if anything. */
  public final List<String> advice() {
    return onThread(() -> engine().advice().stream().toList());
  }

  /** Bytes that its engine holds outside of the heap, from any thread. */
  final long liveBytes() {
    Engine open = engine;
    return open == null ? 0 : open.liveBytes();
  }

  /** The engine, opened at first use. On the worker's thread only. */
  protected final Engine engine() {
    if (engine == null) {
      engine = open.apply(gpu);
    }
    return engine;
  }

  /** Frees what is prepared; the engine is closed behind it. On the worker's thread. */
  protected abstract void free();

  @Override
  public final void close() {
    if (hung) {
      thread.shutdownNow(); // what it holds cannot be freed while it computes
      return;
    }
    try {
      onThread(
          () -> {
            freeAll();
            return null;
          });
    } finally {
      thread.shutdown();
    }
  }

  /** Closes the engine, if there is one, whatever becomes of what is prepared on it. */
  @SuppressWarnings("try")
  private void freeAll() {
    try (Engine opened = engine) {
      free();
    }
  }

  /**
   * Runs on the worker's thread and waits to the end even if interrupted: native work cannot be
   * stopped half-way, and a worker must not be given back while it runs.
   *
   * @throws TangentsException of category INTERNAL if it gives no sign of life for too long
   * @throws UncheckedIOException if the work fails with an IOException
   */
  protected final <T> T onThread(Callable<T> work) {
    beat();
    Future<T> future = thread.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(Math.max(1, silence.toMillis() / LOOKS), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          requireAlive();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      if (e.getCause() instanceof IOException failure) {
        throw new UncheckedIOException(failure);
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void requireAlive() {
    long nanos = System.nanoTime() - beat;
    if (nanos > silence.toNanos()) {
      hung = true;
      throw TangentsException.internal(
          "Executor: a piece of native work has not come back for %d s and is taken for hung. If a panel or"
              + " a tile may take that long here, choose a smaller --panel-mib or a larger --hang-minutes",
          TimeUnit.NANOSECONDS.toSeconds(nanos));
    }
  }
}
