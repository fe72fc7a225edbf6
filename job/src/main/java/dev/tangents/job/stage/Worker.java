package dev.tangents.job.stage;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Choices.EngineName;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An engine and what is prepared on it. Everything native happens on one thread of its own, since
 * an engine belongs to the thread that made it and Spark's come and go.
 */
abstract class Worker implements AutoCloseable {
  private final WorkerSpec<?> spec;
  private final EngineName engineName;
  private final Precision precision;
  private final ExecutorService thread;

  /** Written by the thread alone; others ask how much it holds. */
  private volatile Engine engine;

  Worker(WorkerSpec<?> spec, EngineName engineName, Precision precision) {
    this.spec = spec;
    this.engineName = engineName;
    this.precision = precision;
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

  /** What it was made from. */
  final WorkerSpec<?> spec() {
    return spec;
  }

  /** Name, versions and device of the engine. */
  final String describe() {
    return onThread(() -> engine().describe());
  }

  /** What would make the engine faster here, if anything. */
  final List<String> advice() {
    return onThread(() -> engine().advice().stream().toList());
  }

  /** Bytes that its engine holds outside of the heap, from any thread. */
  final long liveBytes() {
    Engine open = engine;
    return open == null ? 0 : open.liveBytes();
  }

  /** The engine, opened at first use. On the worker's thread only. */
  final Engine engine() {
    if (engine == null) {
      engine = Engines.open(engineName, precision);
    }
    return engine;
  }

  /** Frees what is prepared; the engine is closed behind it. On the worker's thread. */
  abstract void free();

  @Override
  public final void close() {
    onThread(
        () -> {
          free();
          if (engine != null) {
            engine.close();
          }
          return null;
        });
    thread.shutdown();
  }

  /**
   * Runs on the worker's thread and waits to the end even if interrupted: native work cannot be
   * stopped half-way, and a worker must not be given back while it runs.
   */
  final <T> T onThread(Callable<T> work) {
    Future<T> future = thread.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
