package dev.tangents.job.stage.tile;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.HostTensor;
import dev.tangents.job.plan.CheckPlan;
import dev.tangents.job.plan.Tile;
import dev.tangents.kernel.SampleError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Decides whether a tile may be written.
 *
 * <pre>
 *   strict    where it is its turn, some entries against J (J^T v). One that fails is computed again, once
 *   reduced   finite; some entries against strict ones; where it is its turn, these against J (J^T v). One that fails
 *             any is computed again strictly, and then checked as such, its turn or not
 * </pre>
 *
 * <p>That all numbers of a strict tile are finite is seen when they are summed up for the report.
 *
 * <p>Belongs to one task.
 */
final class TileGuard {
  /** Key of a footer: how far the tile, or its strict sample, was from J (J^T v). */
  private static final String RESIDUAL = "tangents.residual";

  /** Key of a footer: how the tile's products were formed. */
  private static final String PRECISION = "tangents.precision";

  /** Key of a footer: how far entries in the run's arithmetic were from strict ones. */
  private static final String ERROR = "tangents.error";

  /** Key of a footer: the row and the column of that entry. */
  private static final String ERROR_AT = "tangents.error-at";

  private final CheckPlan plan;
  private final TileWorker worker;
  private final TaskReport report;
  private final BiConsumer<Tile, List<HostTensor>> requireFinite;

  /**
   * The guard of a task.
   *
   * @param requireFinite throws where a number of a tile is not finite
   */
  TileGuard(
      CheckPlan plan,
      TileWorker worker,
      TaskReport report,
      BiConsumer<Tile, List<HostTensor>> requireFinite) {
    this.plan = plan;
    this.worker = worker;
    this.report = report;
    this.requireFinite = requireFinite;
  }

  /**
   * A tile and where it comes from.
   *
   * @param panels as the tile was formed from them
   * @param samples the same by their samples, whatever is stored
   * @param firstRow index of its first row
   * @param firstColumn index of its first column
   * @param held names of panels that will be met again
   */
  record Formed(
      Tile tile,
      TileWorker.Pair panels,
      TileWorker.Pair samples,
      long firstRow,
      long firstColumn,
      Set<String> held) {}

  /**
   * A tile that may be written.
   *
   * @param tile one tensor for each component
   * @param facts what its footer says of it
   */
  record Passed(List<HostTensor> tile, Map<String, String> facts) {}

  /**
   * The tile, or what takes its place.
   *
   * @param tensors in the run's arithmetic
   * @throws TangentsException of category DATA if a strict tile fails its check for a number that
   *     is not finite, INTERNAL if it fails twice
   */
  Passed pass(Formed formed, List<HostTensor> tensors) {
    if (plan.precision().reduced()) {
      return reduced(formed, tensors);
    }
    Map<String, String> facts = facts(Arithmetic.STRICT);
    return plan.concerns(formed.tile())
        ? checked(formed, tensors, facts)
        : new Passed(tensors, facts);
  }

  /** What was found of a tile that is there already. */
  void kept(Map<String, String> facts) {
    if (facts.containsKey(RESIDUAL)) {
      report.checked(Double.parseDouble(facts.get(RESIDUAL)));
    }
    if (facts.containsKey(ERROR)) {
      double error = Double.parseDouble(facts.get(ERROR));
      String[] place = facts.get(ERROR_AT).split(",", -1);
      if (facts.get(PRECISION).equals(Arithmetic.STRICT.label())) {
        report.errors().replaced(error);
      } else {
        report.errors().stays(error, Long.parseLong(place[0]), Long.parseLong(place[1]));
      }
    }
  }

  private Passed reduced(Formed formed, List<HostTensor> tensors) {
    boolean turn = plan.concerns(formed.tile());
    TileCheck.Measure measure = worker.measure(formed.panels(), tensors, turn);
    SampleError error = measure.error();
    long row = formed.firstRow() + error.row();
    long column = formed.firstColumn() + error.column();
    boolean close =
        error.value() <= plan.precision().maxError()
            && tensors.stream().allMatch(HostTensor::isFinite);
    if (close && (!turn || measure.residual() <= plan.bound())) {
      Map<String, String> facts = facts(plan.precision().arithmetic());
      facts.put(ERROR, text(error.value()));
      facts.put(ERROR_AT, row + "," + column);
      report.errors().stays(error.value(), row, column);
      if (turn) {
        report.checked(measure.residual());
        facts.put(RESIDUAL, text(measure.residual()));
      }
      return new Passed(tensors, facts);
    }
    Map<String, String> facts = facts(Arithmetic.STRICT);
    facts.put(ERROR, text(error.value()));
    facts.put(ERROR_AT, row + "," + column);
    report.errors().replaced(error.value());
    return checked(formed, worker.strictly(formed.panels(), formed.held()), facts);
  }

  /**
   * Checks a strict tile; one that fails is computed again, once, from panels that are read again,
   * and checked by other entries.
   */
  private Passed checked(Formed formed, List<HostTensor> first, Map<String, String> facts) {
    Tile tile = formed.tile();
    List<HostTensor> tensors = first;
    double residual = worker.residual(formed.panels(), tensors, 0);
    if (!(residual <= plan.bound())) {
      requireFinite.accept(tile, tensors); // what is wrong may be the user's numbers
      report.advise(
          "tile %d, %d was computed again: its residual was %.1e"
              .formatted(tile.row(), tile.column(), residual));
      worker.drop(formed.panels());
      tensors = worker.strictly(formed.samples(), formed.held());
      residual = worker.residual(formed.panels(), tensors, 1);
    }
    if (!(residual <= plan.bound())) {
      throw TangentsException.internal(
          "Kernel: tile %d, %d failed its check twice: K v and J (J^T v) differ by %.1e of |K|, at"
              + " most %.1e pass. Memory or a processor may be faulty; where a network's gradients cancel"
              + " (a saturated softmax), take --model-output logits, --dtype double or a larger"
              + " --max-residual",
          tile.row(), tile.column(), residual, plan.bound());
    }
    report.checked(residual);
    facts.put(RESIDUAL, text(residual));
    return new Passed(tensors, facts);
  }

  private static Map<String, String> facts(Arithmetic arithmetic) {
    return new TreeMap<>(Map.of(PRECISION, arithmetic.label()));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }
}
