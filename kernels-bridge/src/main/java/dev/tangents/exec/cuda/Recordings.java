package dev.tangents.exec.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replays a plan as one unit (a CUDA graph) where it is run on the same tensors again: a small
 * batch's many kernels then cost one call. What runs on ever new tensors is never recorded.
 */
final class Recordings implements AutoCloseable {
  /** Sets of tensors that are remembered. */
  private static final int KEPT = 8;

  /** Runs on one set of tensors before it is recorded: the first loads what libraries load late. */
  private static final int RUNS = 2;

  private final Gpu gpu;
  private final Map<List<Long>, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  Recordings(Gpu gpu) {
    this.gpu = gpu;
  }

  private static final class Known {
    private int runs;
    private Gpu.Recording recording;
  }

  /** Does what {@code steps} ask for, which depends on nothing but the addresses. */
  void run(List<Long> addresses, Runnable steps) {
    Known one = known.computeIfAbsent(List.copyOf(addresses), any -> new Known());
    one.runs++;
    if (one.runs <= RUNS) {
      forget();
      steps.run();
      return;
    }
    if (one.recording == null) {
      one.recording = gpu.record(steps);
    }
    one.recording.replay();
  }

  private void forget() {
    while (known.size() > KEPT) {
      List<Long> oldest = known.keySet().iterator().next();
      close(known.remove(oldest));
    }
  }

  private static void close(Known one) {
    if (one.recording != null) {
      one.recording.close();
    }
  }

  @Override
  public void close() {
    new ArrayList<>(known.values()).forEach(Recordings::close);
    known.clear();
  }
}
