package dev.tangents.exec.nd4j;

/**
 * Applies a function of one number in double, chunk by chunk, whatever the width in memory. Floats
 * are widened and narrowed in loops of their own: the compiler vectorises none that mixes widths.
 */
final class WideStep implements Step {
  /** Replaces each of the first n numbers by its function. */
  @FunctionalInterface
  interface LineFunction {
    void apply(double[] line, int n);
  }

  private final LineFunction function;
  private final int source;
  private final int slot;
  private final Scratch scratch;

  WideStep(LineFunction function, Call call) {
    this.function = function;
    this.source = call.operand(0).slot();
    this.slot = call.slot();
    this.scratch = call.scratch();
  }

  @Override
  public void run(Frame frame) {
    NativeBuffer x = frame.at(source);
    NativeBuffer z = frame.at(slot);
    double[] line = scratch.sums();
    for (int from = 0; from < z.length(); from += Scratch.CHUNK) {
      int n = Math.min(Scratch.CHUNK, z.length() - from);
      if (z.isFloat()) {
        float[] narrow = scratch.floats(0);
        x.get(from, narrow, n);
        widen(narrow, line, n);
        function.apply(line, n);
        narrow(line, narrow, n);
        z.set(from, narrow, n);
      } else {
        x.get(from, line, n);
        function.apply(line, n);
        z.set(from, line, n);
      }
    }
  }

  private static void widen(float[] from, double[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i];
    }
  }

  private static void narrow(double[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) from[i];
    }
  }
}
