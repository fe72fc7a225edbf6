package dev.tangents.kernel;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.op.FlopCount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel of a panel with itself: strips of rows, each from its own first sample on, and the
 * rest by symmetry. S strips form (S + 1) / 2S of the entries. For panels of one block and 512
 * samples on, up to the size where a strip would hold too much in between (8,192 of a dense
 * network).
 */
final class TriangleTile implements PreparedTiles.Prepared {
  /** More strips save little more, and every one packs its right operand anew. */
  private static final long STRIPS = 4;

  /** Fewer rows make a matrix product slow. */
  private static final long LEAST_ROWS = 256;

  /** Rows and columns that are mirrored at once: two squares fit the first-level cache. */
  private static final int SQUARE = 32;

  private final Precision precision;
  private final int size;
  private final List<Strip> strips = new ArrayList<>();

  /** Rows {@code from} to {@code to} and columns from {@code from} on, and their results. */
  private record Strip(int from, int to, Executable executable, List<DeviceTensor> results) {
    void close() {
      executable.close();
      results.forEach(DeviceTensor::close);
    }
  }

  /**
   * Prepares it.
   *
   * @param n samples of the panel
   */
  TriangleTile(Engine engine, KernelPlan plan, long n, Arithmetic arithmetic) {
    this.precision = engine.precision();
    this.size = Math.toIntExact(n);
    long height = PreparedTiles.aligned(height(plan, n), engine, arithmetic);
    try {
      for (long from = 0; from < n; from += height) {
        long to = Math.min(n, from + height);
        Executable executable =
            engine.prepare(plan.tileGraph(to - from, n - from), Weights.none(), arithmetic);
        Strip strip = new Strip((int) from, (int) to, executable, new ArrayList<>());
        strips.add(strip);
        executable.measure();
        for (int c = 0; c < plan.components().size(); c++) {
          strip.results().add(engine.allocate(Shape.of(1, to - from, n - from)));
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Whether a panel of {@code n} samples is worth it: it has one block, is not small, and does not
   * go in narrower strips anyway for want of memory.
   */
  static boolean serves(KernelPlan plan, long n) {
    return height(plan, n) < n;
  }

  private static long height(KernelPlan plan, long n) {
    long count = Math.min(STRIPS, n / LEAST_ROWS);
    if (plan.passBlocks() > 1 || count < 2) {
      return n;
    }
    long height = (n + count - 1) / count;
    return StripedTile.height(plan, height, n) < height ? n : height;
  }

  /** Operations of one pass. */
  static double flops(KernelPlan plan, long n) {
    double flops = 0;
    long height = height(plan, n);
    for (long from = 0; from < n; from += height) {
      flops += FlopCount.of(plan.tileGraph(Math.min(height, n - from), n - from));
    }
    return flops;
  }

  /** A bound on the numbers that are held: in flight in every strip, and results. */
  static long numbers(KernelPlan plan, long n) {
    long numbers = 0;
    long height = height(plan, n);
    for (long from = 0; from < n; from += height) {
      long rows = Math.min(height, n - from);
      numbers += KernelPlan.work(plan.tileGraph(rows, n - from));
      numbers += plan.components().size() * rows * (n - from);
    }
    return numbers;
  }

  /**
   * Computes the tile.
   *
   * @param factors per-sample factors of the panel
   * @param shared factors that no sample enters
   * @return valid until the next call
   */
  TileShare run(List<DeviceTensor> factors, List<DeviceTensor> shared) {
    for (Strip strip : strips) {
      List<DeviceTensor> operands = new ArrayList<>();
      factors.forEach(factor -> operands.add(factor.rows(strip.from(), strip.to())));
      factors.forEach(factor -> operands.add(factor.rows(strip.from(), size)));
      operands.addAll(shared);
      strip.executable().run(operands, strip.results());
    }
    return this::whole;
  }

  private HostTensor whole(int component, HostArrays arrays) {
    boolean narrow = precision == Precision.FLOAT;
    HostTensor whole = arrays.take(Shape.of(1, size, size), precision);
    for (Strip strip : strips) {
      HostTensor part = strip.results().get(component).read();
      Object source = narrow ? part.floats() : part.doubles();
      Object target = narrow ? whole.floats() : whole.doubles();
      int width = size - strip.from();
      for (int row = strip.from(); row < strip.to(); row++) {
        System.arraycopy(
            source, (row - strip.from()) * width, target, row * size + strip.from(), width);
      }
    }
    for (int top = 0; top < size; top += SQUARE) {
      for (int left = 0; left <= top; left += SQUARE) {
        mirror(whole, top, left);
      }
    }
    return whole;
  }

  /** Fills a square of the lower half by the upper one. */
  private void mirror(HostTensor whole, int top, int left) {
    boolean narrow = whole.precision() == Precision.FLOAT;
    for (int row = top; row < Math.min(size, top + SQUARE); row++) {
      for (int column = left; column < Math.min(row, left + SQUARE); column++) {
        if (narrow) {
          whole.floats()[row * size + column] = whole.floats()[column * size + row];
        } else {
          whole.doubles()[row * size + column] = whole.doubles()[column * size + row];
        }
      }
    }
  }

  @Override
  public long bytes() {
    long results =
        strips.stream()
            .flatMap(strip -> strip.results().stream())
            .mapToLong(result -> result.shape().size())
            .sum();
    return results * precision.bytes()
        + strips.stream().mapToLong(strip -> strip.executable().bytes()).sum();
  }

  @Override
  public Map<String, Long> nanos() {
    Map<String, Long> sum = new HashMap<>();
    strips.forEach(
        strip ->
            strip.executable().nanos().forEach((name, nanos) -> sum.merge(name, nanos, Long::sum)));
    return sum;
  }

  @Override
  public void close() {
    strips.forEach(Strip::close);
    strips.clear();
  }
}
