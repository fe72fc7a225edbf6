package dev.tangents.exec.nd4j;

import java.util.Arrays;

/**
 * Applies a {@link PairKernel} chunk by chunk. The result may overwrite either operand: a chunk is
 * read before it is written.
 */
final class PairStep implements Step {
  private final PairKernel kernel;
  private final Operand left;
  private final Operand right;
  private final int slot;
  private final Scratch scratch;

  PairStep(PairKernel kernel, Operand left, Operand right, int slot, Scratch scratch) {
    this.kernel = kernel;
    this.left = left;
    this.right = right;
    this.slot = slot;
    this.scratch = scratch;
  }

  @Override
  public void run(Frame frame) {
    NativeBuffer a = left.isSplat() ? null : frame.at(left.slot());
    NativeBuffer b = right.isSplat() ? null : frame.at(right.slot());
    NativeBuffer z = frame.at(slot);
    if (z.isFloat()) {
      floats(a, b, z);
    } else {
      doubles(a, b, z);
    }
  }

  private void floats(NativeBuffer a, NativeBuffer b, NativeBuffer z) {
    float[] x = scratch.floats(0);
    float[] y = scratch.floats(1);
    if (a == null) {
      Arrays.fill(x, (float) left.splat());
    }
    if (b == null) {
      Arrays.fill(y, (float) right.splat());
    }
    for (int from = 0; from < z.length(); from += Scratch.CHUNK) {
      int n = Math.min(Scratch.CHUNK, z.length() - from);
      if (a != null) {
        read(left, a, from, x, n);
      }
      if (b != null) {
        read(right, b, from, y, n);
      }
      kernel.apply(x, y, scratch.floats(2), n);
      z.set(from, scratch.floats(2), n);
    }
  }

  private void doubles(NativeBuffer a, NativeBuffer b, NativeBuffer z) {
    double[] x = scratch.doubles(0);
    double[] y = scratch.doubles(1);
    if (a == null) {
      Arrays.fill(x, left.splat());
    }
    if (b == null) {
      Arrays.fill(y, right.splat());
    }
    for (int from = 0; from < z.length(); from += Scratch.CHUNK) {
      int n = Math.min(Scratch.CHUNK, z.length() - from);
      if (a != null) {
        read(left, a, from, x, n);
      }
      if (b != null) {
        read(right, b, from, y, n);
      }
      kernel.apply(x, y, scratch.doubles(2), n);
      z.set(from, scratch.doubles(2), n);
    }
  }

  private static void read(Operand operand, NativeBuffer source, int from, float[] x, int n) {
    if (operand.repeat() == null) {
      source.get(from, x, n);
    } else {
      operand.repeat().get(source, from, x, n);
    }
  }

  private static void read(Operand operand, NativeBuffer source, int from, double[] x, int n) {
    if (operand.repeat() == null) {
      source.get(from, x, n);
    } else {
      operand.repeat().get(source, from, x, n);
    }
  }
}
