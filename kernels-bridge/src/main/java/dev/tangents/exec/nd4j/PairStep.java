package dev.tangents.exec.nd4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Applies one {@link PairKernel}, or several of which each takes the result of the one before,
 * chunk by chunk: what is in between stays in the first-level cache and is never written to memory.
 * The result may overwrite any operand that it has the size of: a chunk is read before it is
 * written.
 */
final class PairStep implements Step {
  private final List<Link> links;
  private final int slot;
  private final Scratch scratch;

  /** For each link, a chunk filled with its operand that is one number; null if it has none. */
  private final float[][] floats;

  private final double[][] doubles;

  /**
   * A function of two numbers.
   *
   * @param left null for the result of the link before
   * @param right null for the result of the link before
   */
  record Link(PairKernel kernel, Operand left, Operand right) {
    /** Operands that are not the result of the link before. */
    List<Operand> operands() {
      return Stream.of(left, right).filter(Objects::nonNull).toList();
    }

    /** This link behind another one, whose result is in a slot. */
    Link behind(int result) {
      return new Link(kernel, other(left, result), other(right, result));
    }

    private static Operand other(Operand operand, int result) {
      return !operand.isSplat() && operand.slot() == result ? null : operand;
    }
  }

  /**
   * Functions in order.
   *
   * @param links the first of which has both operands
   * @param call that of the last
   */
  PairStep(List<Link> links, Call call) {
    this.links = List.copyOf(links);
    this.slot = call.slot();
    this.scratch = call.scratch();
    this.floats = new float[links.size()][];
    this.doubles = new double[links.size()][];
    int chunk = Math.min(Scratch.CHUNK, call.size());
    for (int i = 0; i < links.size(); i++) {
      for (Operand operand : links.get(i).operands()) {
        if (operand.isSplat()) {
          floats[i] = new float[chunk];
          doubles[i] = new double[chunk];
          Arrays.fill(floats[i], (float) operand.splat());
          Arrays.fill(doubles[i], operand.splat());
        }
      }
    }
  }

  @Override
  public void run(Frame frame) {
    NativeBuffer z = frame.at(slot);
    for (int from = 0; from < z.length(); from += Scratch.CHUNK) {
      int n = Math.min(Scratch.CHUNK, z.length() - from);
      if (z.isFloat()) {
        floats(frame, from, n);
        z.set(from, scratch.floats(2), n);
      } else {
        doubles(frame, from, n);
        z.set(from, scratch.doubles(2), n);
      }
    }
  }

  private void floats(Frame frame, int from, int n) {
    float[] result = scratch.floats(2);
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      float[] a = floats(frame, link.left(), i, scratch.floats(0), from, n);
      float[] b = floats(frame, link.right(), i, scratch.floats(1), from, n);
      link.kernel().apply(a, b, result, n);
    }
  }

  private float[] floats(Frame frame, Operand operand, int link, float[] x, int from, int n) {
    if (operand == null) {
      return scratch.floats(2);
    }
    if (operand.isSplat()) {
      return floats[link];
    }
    NativeBuffer source = frame.at(operand.slot());
    if (operand.repeat() == null) {
      source.get(from, x, n);
    } else {
      operand.repeat().get(source, from, x, n);
    }
    return x;
  }

  private void doubles(Frame frame, int from, int n) {
    double[] result = scratch.doubles(2);
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      double[] a = doubles(frame, link.left(), i, scratch.doubles(0), from, n);
      double[] b = doubles(frame, link.right(), i, scratch.doubles(1), from, n);
      link.kernel().apply(a, b, result, n);
    }
  }

  private double[] doubles(Frame frame, Operand operand, int link, double[] x, int from, int n) {
    if (operand == null) {
      return scratch.doubles(2);
    }
    if (operand.isSplat()) {
      return doubles[link];
    }
    NativeBuffer source = frame.at(operand.slot());
    if (operand.repeat() == null) {
      source.get(from, x, n);
    } else {
      operand.repeat().get(source, from, x, n);
    }
    return x;
  }
}
