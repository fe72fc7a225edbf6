package dev.tangents.kernel;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A tile on the heap, put together from the passes of its plan: shares of a trace are added, blocks
 * of outputs are laid end to end.
 */
public final class TileAssembly {
  private final KernelPlan plan;
  private final List<HostTensor> components = new ArrayList<>();

  /** An empty tile. */
  public TileAssembly(KernelPlan plan) {
    this.plan = plan;
  }

  /**
   * Takes the share of the next pass, in order from 0 on.
   *
   * @param share as {@link GramKernel#tile} gives it
   */
  public void add(int pass, TileResult share) {
    addComponents(pass, share::read);
  }

  /**
   * Takes the share of the next pass.
   *
   * @param share the tensor of a component, as {@link GramKernel#diagonal} gives it
   */
  public void addComponents(int pass, IntFunction<HostTensor> share) {
    for (int c = 0; c < plan.components().size(); c++) {
      HostTensor part = share.apply(c);
      if (plan.passes() == 1) {
        components.add(part);
        continue;
      }
      if (pass == 0) {
        Shape shape = part.shape().with(0, plan.outputBlocks());
        components.add(
            part.precision() == Precision.FLOAT
                ? HostTensor.of(shape, new float[shape.intSize()])
                : HostTensor.of(shape, new double[shape.intSize()]));
      }
      place(part, components.get(c), pass);
    }
  }

  /** The tile: one tensor [B, n, m] for each component. */
  public List<HostTensor> components() {
    return List.copyOf(components);
  }

  private void place(HostTensor part, HostTensor whole, int pass) {
    boolean sums = plan.outputBlocks() == 1;
    int block = part.shape().intSize() / Math.toIntExact(part.shape().dim(0));
    int start = sums ? 0 : Math.toIntExact(pass * plan.lanes() * block);
    int length = Math.min(part.shape().intSize(), whole.shape().intSize() - start);
    if (part.precision() == Precision.FLOAT) {
      for (int i = 0; i < length; i++) {
        whole.floats()[start + i] += part.floats()[i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        whole.doubles()[start + i] += part.doubles()[i];
      }
    }
  }
}
