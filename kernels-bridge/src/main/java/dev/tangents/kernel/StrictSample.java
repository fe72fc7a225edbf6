package dev.tangents.kernel;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Weights;
import java.util.List;
import java.util.Set;

/**
 * Entries K[R, C] of a kernel in strict arithmetic, for a few samples R and C: what those of a tile
 * in a reduced {@link Arithmetic} are compared with ({@link SampleError}). The samples go through
 * the network once more, so that nothing of the tile's panels is taken over.
 */
public final class StrictSample implements AutoCloseable {
  private final GramKernel kernel;
  private final int samples;

  /**
   * Prepares.
   *
   * @param samples k, the most in R or C
   * @throws dev.tangents.error.TangentsException of category RESOURCE if there is not enough memory
   */
  public StrictSample(Engine engine, KernelPlan plan, Weights weights, int samples) {
    this.kernel = new GramKernel(engine, plan, weights, samples);
    this.samples = samples;
    try {
      kernel.rehearse(samples, samples, 0, 1, Set.of(Arithmetic.STRICT), false);
    } catch (RuntimeException e) {
      kernel.close();
      throw e;
    }
  }

  /** Bytes of engine memory held, or taken while entries are computed. */
  public long bytes() {
    return kernel.bytes() + 2 * kernel.panelBytes(samples);
  }

  /**
   * The entries: one tensor [B, r, c] for each component.
   *
   * @param rows the samples R, [r, width], r from 1 to k: the network's inputs one behind the other
   * @param columns the samples C, [c, width], c from 1 to k
   * @throws dev.tangents.error.TangentsException if samples have another width
   */
  public List<HostTensor> of(HostTensor rows, HostTensor columns) {
    TileAssembly entries = new TileAssembly(kernel.plan());
    for (int pass = 0; pass < kernel.plan().passes(); pass++) {
      try (Panel left = kernel.panel(rows, pass);
          Panel right = kernel.panel(columns, pass)) {
        entries.add(pass, kernel.tile(left, right));
      }
    }
    return entries.components();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
