package dev.tangents.job.bench;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.Panel;
import dev.tangents.kernel.TileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A kernel as one thread computes it: the network passes of one panel of N samples, and a tile of N
 * x N. Samples are x_nd = sin(0.1 + 1.7 n + 0.3 d), which another program can make too.
 */
final class KernelWork implements AutoCloseable {
  private final KernelPlan plan;
  private final long features;
  private final int samples;
  private final int microBatch;
  private final GramKernel kernel;
  private final HostTensor rows;
  private final List<Panel> panels = new ArrayList<>();

  /**
   * Prepares the plan and runs the network once for each panel.
   *
   * @param features D
   * @param samples N
   * @param microBatch samples in one network pass, at most N of them
   * @param count 1 for the kernel of N samples with themselves, 2 for that with N others, where no
   *     panel is read twice
   */
  KernelWork(
      Engine engine,
      KernelPlan plan,
      Weights weights,
      long features,
      int samples,
      int microBatch,
      int count) {
    this.plan = plan;
    this.features = features;
    this.samples = samples;
    this.microBatch = Math.min(samples, microBatch);
    this.kernel = new GramKernel(engine, plan, weights, this.microBatch);
    this.rows = samples(0);
    try {
      // Fails where memory does not suffice, before the network runs for nothing.
      kernel.rehearse(samples, samples, 0, 1, Set.of(Arithmetic.STRICT), false);
      for (int i = 0; i < count; i++) {
        panels.add(kernel.panel(samples(i)));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Runs the network on the rows' samples, and drops their factors. */
  void network() {
    kernel.panel(rows).close();
  }

  /** Computes the tile. */
  TileResult tile() {
    return kernel.tile(panels.get(0), panels.get(panels.size() - 1));
  }

  /** Operations of {@link #network}. */
  double networkFlops() {
    int batches = (samples + microBatch - 1) / microBatch;
    return plan.networkFlops(microBatch) * batches * microBatch;
  }

  /** Operations of {@link #tile}. */
  double tileFlops() {
    return plan.tileFlops(samples, samples);
  }

  private HostTensor samples(int panel) {
    int width = Math.toIntExact(features);
    float[] values = new float[Math.multiplyExact(samples, width)];
    for (int i = 0; i < values.length; i++) {
      long sample = (long) panel * samples + i / width;
      values[i] = (float) Math.sin(0.1 + 1.7 * sample + 0.3 * (i % width));
    }
    return HostTensor.of(Shape.of(samples, width), values);
  }

  @Override
  public void close() {
    panels.forEach(Panel::close);
    kernel.close();
  }
}
