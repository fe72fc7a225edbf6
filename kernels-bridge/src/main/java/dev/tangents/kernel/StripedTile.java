package dev.tangents.kernel;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tile of one size, prepared, and the memory of its results. A tile of one block is computed in
 * strips of rows, so that the Gram matrices of a very large one do not all lie in memory at once.
 * Strips are part of the plan: their bounds depend on nothing but the tile's size.
 */
final class StripedTile implements TileResult, PreparedTiles.Prepared {
  /**
   * Rows of a strip. A product packs its whole right operand anew for every strip, which costs more
   * than the strip's Gram matrices gain by staying in the cache: 512, 1024 and 2048 rows take 387,
   * 376 and 357 ms for a tile of 2048 of 784-1024-1024-1024-1 (2 MB of second-level cache).
   */
  private static final long STRIP = 2048;

  /** Fewer rows make a matrix product slow. */
  private static final long LEAST_STRIP = 8;

  /** Most numbers in between: 256 MiB of floats. */
  private static final long MOST_NUMBERS = 1L << 26;

  private final List<Strip> strips = new ArrayList<>();
  private final List<Executable> executables = new ArrayList<>();
  private final List<DeviceTensor> results = new ArrayList<>();
  private final long columns;
  private final long resultBytes;

  /** Rows {@code from} to {@code to} of the tile. */
  private record Strip(long from, long to, Executable executable) {}

  StripedTile(Engine engine, KernelPlan plan, long n, long m, Arithmetic arithmetic) {
    this.columns = m;
    long height = PreparedTiles.aligned(height(plan, n, m), engine, arithmetic);
    long numbers = plan.passBlocks() * plan.components().size() * n * m;
    this.resultBytes = numbers * engine.precision().bytes();
    try {
      for (int c = 0; c < plan.components().size(); c++) {
        results.add(engine.allocate(Shape.of(plan.passBlocks(), n, m)));
      }
      for (long from = 0; from < n; from += height) {
        long to = Math.min(n, from + height);
        if (from == 0 || to - from < height) {
          Executable executable =
              engine.prepare(plan.tileGraph(to - from, m), Weights.none(), arithmetic);
          executable.measure();
          executables.add(executable);
        }
        strips.add(new Strip(from, to, executables.get(executables.size() - 1)));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Rows of a strip of a tile of {@code n} x {@code m}: fewer where a strip would hold much in
   * between, as the Gram matrices over all pairs of positions do.
   */
  static long height(KernelPlan plan, long n, long m) {
    if (plan.passBlocks() > 1) {
      return n;
    }
    long height = Math.min(n, STRIP);
    while (height > LEAST_STRIP && KernelPlan.work(plan.tileGraph(height, m)) > MOST_NUMBERS) {
      height = (height + 1) / 2;
    }
    return height;
  }

  /**
   * Computes the tile.
   *
   * @param rows per-sample factors of the row panel
   * @param columns per-sample factors of the column panel
   * @param shared factors that no sample enters
   */
  TileResult run(List<DeviceTensor> rows, List<DeviceTensor> columns, List<DeviceTensor> shared) {
    for (Strip strip : strips) {
      List<DeviceTensor> operands = new ArrayList<>();
      rows.forEach(factor -> operands.add(factor.rows(strip.from(), strip.to())));
      operands.addAll(columns);
      operands.addAll(shared);
      strip.executable().run(operands, results.stream().map(r -> part(r, strip)).toList());
    }
    return this;
  }

  private DeviceTensor part(DeviceTensor result, Strip strip) {
    if (strips.size() == 1) {
      return result;
    }
    long height = strip.to() - strip.from();
    Shape matrix = result.shape().remove(0);
    return result
        .reshape(matrix)
        .rows(strip.from(), strip.to())
        .reshape(Shape.of(1, height, columns));
  }

  @Override
  public long bytes() {
    return executables.stream().mapToLong(Executable::bytes).sum() + resultBytes;
  }

  @Override
  public Map<String, Long> nanos() {
    Map<String, Long> sum = new HashMap<>();
    executables.forEach(e -> e.nanos().forEach((name, nanos) -> sum.merge(name, nanos, Long::sum)));
    return sum;
  }

  @Override
  public DeviceTensor block(int component) {
    return results.get(component);
  }

  @Override
  public void close() {
    executables.forEach(Executable::close);
    results.forEach(DeviceTensor::close);
  }
}
