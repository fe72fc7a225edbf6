package dev.tangents.kernel;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A tile on the heap, put together from the passes of its plan: shares of a trace are added, blocks
 * of outputs are laid end to end.
 */
public final class TileAssembly {
  private final KernelPlan plan;
  private final HostArrays arrays;
  private final List<HostTensor> components = new ArrayList<>();

  /**
   * An empty tile.
   *
   * @param arrays where its arrays come from; whoever reads the tile may give them back
   */
  public TileAssembly(KernelPlan plan, HostArrays arrays) {
    this.plan = plan;
    this.arrays = arrays;
  }

  /** An empty tile with arrays of its own. */
  public TileAssembly(KernelPlan plan) {
    this(plan, new HostArrays(0));
  }

  /** Takes the share of the next pass, in order from 0 on. */
  public void add(int pass, TileShare share) {
    for (int c = 0; c < plan.components().size(); c++) {
      HostTensor part = share.read(c, arrays);
      if (plan.passes() == 1 || (pass == 0 && sums())) {
        components.add(part);
        continue;
      }
      if (pass == 0) {
        Shape shape = part.shape().with(0, plan.outputBlocks());
        components.add(arrays.take(shape, part.precision()));
      }
      if (sums()) {
        sum(part, components.get(c));
      } else {
        place(part, components.get(c), pass);
      }
      arrays.give(part);
    }
  }

  /** The tile: one tensor [B, n, m] for each component. */
  public List<HostTensor> components() {
    return List.copyOf(components);
  }

  /** Whether passes are added, and not laid end to end. */
  private boolean sums() {
    return plan.outputBlocks() == 1;
  }

  private static void sum(HostTensor part, HostTensor whole) {
    int length = whole.shape().intSize();
    if (part.precision() == Precision.FLOAT) {
      float[] from = part.floats();
      float[] to = whole.floats();
      for (int i = 0; i < length; i++) {
        to[i] += from[i];
      }
    } else {
      double[] from = part.doubles();
      double[] to = whole.doubles();
      for (int i = 0; i < length; i++) {
        to[i] += from[i];
      }
    }
  }

  private void place(HostTensor part, HostTensor whole, int pass) {
    int block = part.shape().intSize() / Math.toIntExact(part.shape().dim(0));
    int start = Math.toIntExact(pass * plan.lanes() * block);
    int length = Math.min(part.shape().intSize(), whole.shape().intSize() - start);
    boolean narrow = part.precision() == Precision.FLOAT;
    System.arraycopy(
        narrow ? part.floats() : part.doubles(),
        0,
        narrow ? whole.floats() : whole.doubles(),
        start,
        length);
  }
}
