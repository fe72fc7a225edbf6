package dev.tangents.job.stage.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.kernel.SampleError;
import dev.tangents.kernel.StrictSample;
import dev.tangents.kernel.check.KernelCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Checks tiles by some of their entries. It remembers a few samples of each panel that goes through
 * the network, so that no panel is read again for its check but one that was copied. On a worker's
 * thread.
 */
final class TileCheck {
  /** Draws that a panel's remembered samples suffice for. */
  private static final int DRAWS = 4;

  /** Panels that are remembered; another is read again. */
  private static final int PANELS = 64;

  private final KernelCheck check;
  private final Optional<StrictSample> strict;
  private final int samples;
  private final Map<String, Witnesses> known = new LinkedHashMap<>();

  /**
   * Some samples of a panel.
   *
   * @param places their rows in the panel, at random
   * @param features their features, [samples, D]
   */
  private record Witnesses(List<Integer> places, HostTensor features) {}

  /**
   * A check on a worker's engine.
   *
   * @param strict gives entries in strict arithmetic, where tiles are in another
   * @param samples most rows and columns of a tile in one check
   */
  TileCheck(KernelCheck check, Optional<StrictSample> strict, int samples) {
    this.check = check;
    this.strict = strict;
    this.samples = samples;
  }

  /** Bytes of engine memory held. */
  long bytes() {
    return check.bytes() + strict.map(StrictSample::bytes).orElse(0L);
  }

  /** Remembers some samples of a panel that is going through the network. */
  void remember(String panel, HostTensor features) {
    if (!known.containsKey(panel)) {
      List<Integer> places = places(panel, (int) features.shape().dim(0));
      known.put(panel, new Witnesses(places, rows(features, places)));
      if (known.size() > PANELS) {
        known.remove(known.keySet().iterator().next());
      }
    }
  }

  /**
   * How far some entries of a tile are from J (J^T v), see {@link KernelCheck}.
   *
   * @param tile one tensor [B, n, m] for each component
   * @param draw which of the samples are taken, and which v
   */
  double residual(TileWorker.Pair pair, List<HostTensor> tile, int draw) throws Exception {
    Witnesses rows = drawn(pair.rows(), draw);
    Witnesses columns = drawn(pair.columns(), draw);
    List<HostTensor> blocks =
        tile.stream().map(tensor -> entries(tensor, rows.places(), columns.places())).toList();
    return check.residual(rows.features(), columns.features(), blocks, draw);
  }

  /**
   * What was found of a tile in a reduced arithmetic.
   *
   * @param error of its entries, at a row and a column of the tile
   * @param residual of the strict entries; 0 where it was not asked for
   */
  record Measure(SampleError error, double residual) {}

  /**
   * How far some entries of a tile are from strict ones, and these from J (J^T v): the one bounds
   * what the arithmetic has cost, the other says that the rest is right.
   *
   * @param tile one tensor [B, n, m] for each component
   * @param withResidual whether the second is wanted
   */
  Measure measure(TileWorker.Pair pair, List<HostTensor> tile, boolean withResidual)
      throws Exception {
    Witnesses rows = drawn(pair.rows(), 0);
    Witnesses columns = drawn(pair.columns(), 0);
    List<HostTensor> found =
        tile.stream().map(tensor -> entries(tensor, rows.places(), columns.places())).toList();
    List<HostTensor> exact = strict.orElseThrow().of(rows.features(), columns.features());
    SampleError error = SampleError.of(found, exact);
    return new Measure(
        new SampleError(
            error.value(), rows.places().get(error.row()), columns.places().get(error.column())),
        withResidual ? check.residual(rows.features(), columns.features(), exact, 0) : 0);
  }

  private Witnesses drawn(PanelSource panel, int draw) throws Exception {
    if (!known.containsKey(panel.name())) {
      remember(panel.name(), panel.read());
    }
    Witnesses all = known.get(panel.name());
    int count = all.places().size();
    int taken = Math.min(samples, count);
    List<Integer> order =
        IntStream.range(0, taken).mapToObj(i -> (draw * taken + i) % count).toList();
    return new Witnesses(
        order.stream().map(all.places()::get).toList(), rows(all.features(), order));
  }

  /** Rows at random, the same for the same panel in every run. */
  private List<Integer> places(String panel, int rows) {
    String file = panel.substring(panel.lastIndexOf('/') + 1);
    SplittableRandom random = new SplittableRandom(file.hashCode());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      order.add(random.nextInt(i + 1), i);
    }
    return order.stream().limit((long) samples * DRAWS).toList();
  }

  private static HostTensor rows(HostTensor tensor, List<Integer> places) {
    int width = tensor.shape().intSize() / (int) tensor.shape().dim(0);
    Shape shape = Shape.of(places.size(), width);
    double[] numbers = new double[shape.intSize()];
    for (int i = 0; i < places.size(); i++) {
      for (int d = 0; d < width; d++) {
        numbers[i * width + d] = tensor.at(places.get(i) * width + d);
      }
    }
    return tensor.precision() == Precision.FLOAT
        ? HostTensor.of(shape, floats(numbers))
        : HostTensor.of(shape, numbers);
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  /** K[R, C] of every block. */
  private static HostTensor entries(HostTensor tile, List<Integer> rows, List<Integer> columns) {
    int blocks = (int) tile.shape().dim(0);
    int n = (int) tile.shape().dim(1);
    int m = (int) tile.shape().dim(2);
    double[] entries = new double[blocks * rows.size() * columns.size()];
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      for (int row : rows) {
        for (int column : columns) {
          entries[at++] = tile.at((block * n + row) * m + column);
        }
      }
    }
    return HostTensor.of(Shape.of(blocks, rows.size(), columns.size()), entries);
  }

  /** Frees the engine's memory. */
  void close() {
    check.close();
    strict.ifPresent(StrictSample::close);
  }
}
