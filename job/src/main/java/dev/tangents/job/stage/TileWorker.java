package dev.tangents.job.stage;

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

/** A worker with a prepared kernel and a bounded cache of panels. */
final class TileWorker extends Worker {
  private final KernelSpec spec;
  private final NetworkSpec.Network network;
  private final Map<String, Panel> panels = new LinkedHashMap<>(16, 0.75f, true);
  private GramKernel kernel;
  private long networkNanos;
  private long tileNanos;

  TileWorker(KernelSpec spec, NetworkSpec.Network network) {
    super(spec, spec.engine(), spec.precision());
    this.spec = spec;
    this.network = network;
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

  /** Takes the memory of a tile of {@code n} x {@code m} once, to see that it is there. */
  void rehearse(long n, long m) {
    onThread(
        () -> {
          kernel().rehearse(n, m);
          return null;
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
  void free() {
    panels.values().forEach(Panel::close);
    panels.clear();
    if (kernel != null) {
      kernel.close();
    }
  }

  private GramKernel kernel() {
    if (kernel == null) {
      kernel =
          new GramKernel(engine(), network.plan(), network.model().weights(), spec.microBatch());
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
}
