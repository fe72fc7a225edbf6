package dev.tangents.job.stage;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.Panel;
import dev.tangents.kernel.TileResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An engine with a prepared kernel and a bounded cache of panels. Everything native happens on one
 * thread of its own, since an engine belongs to the thread that made it and Spark's come and go.
 */
final class Worker implements AutoCloseable {
  private final KernelSpec spec;
  private final NetworkSpec.Network network;
  private final ExecutorService thread;
  private final Map<String, Panel> panels = new LinkedHashMap<>(16, 0.75f, true);
  private Engine engine;
  private GramKernel kernel;
  private long networkNanos;
  private long tileNanos;

  Worker(KernelSpec spec, NetworkSpec.Network network) {
    this.spec = spec;
    this.network = network;
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
  KernelSpec spec() {
    return spec;
  }

  /** Reads the samples of a panel, [rows, D]. */
  interface PanelSource {
    /** Name that tells this panel from all others of the run. */
    String name();

    /** Reads it. */
    HostTensor read() throws Exception;
  }

  /** The tile of two panels: one tensor [B, n, m] for each component, on the heap. */
  List<HostTensor> tile(PanelSource rows, PanelSource columns) {
    return onThread(
        () -> {
          Panel left = panel(rows, columns.name());
          Panel right = panel(columns, rows.name());
          long start = System.nanoTime();
          TileResult result = kernel().tile(left, right);
          List<HostTensor> components = new ArrayList<>();
          for (int i = 0; i < network.plan().components().size(); i++) {
            components.add(result.block(i).read());
          }
          tileNanos += System.nanoTime() - start;
          return components;
        });
  }

  /** Name, versions and device of the engine. */
  String describe() {
    return onThread(
        () -> {
          kernel();
          return engine.describe();
        });
  }

  /** What would make the engine faster here, if anything. */
  List<String> advice() {
    return onThread(
        () -> {
          kernel();
          return engine.advice().stream().toList();
        });
  }

  /** Nanoseconds spent in network passes and in tiles since the last call. */
  long[] takeNanos() {
    return onThread(
        () -> {
          long[] taken = {networkNanos, tileNanos};
          networkNanos = 0;
          tileNanos = 0;
          return taken;
        });
  }

  @Override
  public void close() {
    onThread(
        () -> {
          panels.values().forEach(Panel::close);
          panels.clear();
          if (kernel != null) {
            kernel.close();
          }
          if (engine != null) {
            engine.close();
          }
          return null;
        });
    thread.shutdown();
  }

  private GramKernel kernel() {
    if (kernel == null) {
      engine = Engines.open(spec.engine(), spec.precision());
      kernel = new GramKernel(engine, network.plan(), network.model().weights(), spec.microBatch());
    }
    return kernel;
  }

  private Panel panel(PanelSource source, String other) throws Exception {
    Panel known = panels.get(source.name());
    if (known != null) {
      return known;
    }
    HostTensor samples = source.read();
    long start = System.nanoTime();
    makeRoom(kernel().panelBytes(samples.shape().dim(0)), other);
    Panel panel = kernel().panel(samples);
    panels.put(source.name(), panel);
    networkNanos += System.nanoTime() - start;
    return panel;
  }

  /** Frees the panels used longest ago, but for the one that the same tile needs. */
  private void makeRoom(long bytes, String kept) {
    long held = panels.values().stream().mapToLong(Panel::bytes).sum();
    long bound = spec.cacheBytes() + 2 * bytes;
    Iterator<Map.Entry<String, Panel>> oldest = panels.entrySet().iterator();
    while (oldest.hasNext() && held + bytes > bound) {
      Map.Entry<String, Panel> entry = oldest.next();
      if (!entry.getKey().equals(kept)) {
        held -= entry.getValue().bytes();
        entry.getValue().close();
        oldest.remove();
      }
    }
  }

  /**
   * Runs on the worker's thread and waits to the end even if interrupted: native work cannot be
   * stopped half-way, and a worker must not be given back while it runs.
   */
  private <T> T onThread(Callable<T> work) {
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
