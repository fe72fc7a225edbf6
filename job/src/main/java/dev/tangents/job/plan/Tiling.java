package dev.tangents.job.plan;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import java.util.Optional;

/**
 * How many samples make a panel, how many outputs a pass and how many samples a run of the network.
 * Part of a result's identity, so it depends on the network, the settings and the bound of a
 * panel's memory, which the engine has a say in, alone: a machine has a say only where it does not
 * hold panels as large as the settings allow.
 *
 * @param network the model, planned for this tile and these passes
 * @param rows samples in a panel
 * @param microBatch samples in one run of the network
 */
record Tiling(NetworkSpec.Network network, int rows, int microBatch) {
  /**
   * Rows of a tile unless the user says otherwise: at 2,048 a matrix product runs at full speed.
   */
  private static final int STANDARD = 2048;

  private static final long MOST = 1 << 20;

  /**
   * Bytes up to which a run of the network grows unless the user says otherwise: of a dense layer
   * the weights are brought in order anew in every run, which costs as much as 100 samples do.
   */
  private static final long GROWTH_BYTES = 32 << 20;

  /**
   * The tiling of a kernel. Rows: as configured; else 2,048, less where a tile has several blocks,
   * so that its results are no larger than those of one of 2,048, and less where the factors of a
   * panel would pass their bound. Fewer outputs in a pass make room for more rows, so that the
   * network runs less often for each pair of samples, but repeat its forward pass: what costs least
   * is taken.
   *
   * @param network planned for all outputs at once
   * @param samples N, the larger of rows and columns
   * @param panelBytes bound of a panel's factors
   */
  static Tiling of(
      Configuration configuration, NetworkSpec.Network network, long samples, long panelBytes) {
    KernelPlan plan = network.plan();
    int width = configuration.get(Settings.DTYPE).bytes();
    double bound = (double) panelBytes / width;
    long most = configuration.get(Settings.MICRO_BATCH);
    Optional<Long> wanted = configuration.find(Settings.TILE).map(tile -> Math.min(MOST, tile));
    long byResult = (long) (STANDARD / Math.sqrt((double) plan.tileNumbers(1, 1)));
    long cap = Math.max(1, Math.min(wanted.orElse(byResult), Math.max(1, samples)));
    long lanes = lanes(plan, bound, cap);
    NetworkSpec.Network planned = network.planned(Math.min(cap, fits(plan, lanes, bound)), lanes);
    long rows = wanted.orElseGet(() -> rows(planned.plan(), bound, byResult));
    long batch = microBatch(planned.plan(), bound, Math.min(most, rows));
    // Whole micro-batches, so that no panel but the last is padded.
    long whole = wanted.isPresent() || rows <= batch ? rows : rows - rows % batch;
    if (configuration.isDefault(Settings.MICRO_BATCH)) {
      batch = grown(planned.plan(), batch, whole, GROWTH_BYTES / width);
    }
    return new Tiling(planned, Math.toIntExact(whole), Math.toIntExact(batch));
  }

  /** The number of outputs in a pass with the least operations of the network for each pair. */
  private static long lanes(KernelPlan plan, double bound, long cap) {
    long outputs = plan.outputs();
    KernelKind kind = plan.request().kind();
    if (kind == KernelKind.FULL || outputs == 1) {
      return outputs;
    }
    double forward = plan.forwardFlops();
    double backward = Math.max(0, plan.networkFlops(1) - forward);
    long best = outputs;
    double least = Double.POSITIVE_INFINITY;
    for (long lanes = outputs; lanes >= 1; lanes = lanes == 1 ? 0 : (lanes + 1) / 2) {
      double passes = Math.ceil((double) outputs / lanes);
      double flops = forward * passes + backward * (passes * lanes / outputs);
      double cost = flops / Math.min(cap, fits(plan, lanes, bound));
      if (cost < least) {
        least = cost;
        best = lanes;
      }
    }
    return best;
  }

  /** Samples whose factors stay within the bound, at least one. */
  private static long fits(KernelPlan plan, long lanes, double bound) {
    return (long) Math.max(1, bound / Math.max(1, plan.factorNumbers(lanes)));
  }

  private static long rows(KernelPlan plan, double bound, long byResult) {
    long rows = Math.max(1, Math.min(byResult, fits(plan, plan.lanes(), bound)));
    while (rows > 1 && plan.tileWork(rows, rows) > bound) {
      rows = (rows + 1) / 2;
    }
    return rows;
  }

  private static long microBatch(KernelPlan plan, double bound, long most) {
    long batch = most;
    while (batch > 1 && plan.networkWork(batch) > bound) {
      batch /= 2;
    }
    return batch;
  }

  /** Doubled while a run stays small and a panel is still of whole runs. */
  private static long grown(KernelPlan plan, long least, long rows, long bound) {
    long batch = least;
    while (rows % (2 * batch) == 0 && plan.networkWork(2 * batch) <= bound) {
      batch *= 2;
    }
    return batch;
  }
}
