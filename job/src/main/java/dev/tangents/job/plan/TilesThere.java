package dev.tangents.job.plan;

import dev.tangents.kernel.Rates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a folder holds of the tiles of a plan, as far as the names of its files and their footers
 * tell; nobody has read their numbers.
 *
 * @param whole tiles whose footers are theirs
 * @param damaged tiles whose files are no tiles, or those of another run
 * @param missing tiles of an earlier result that have no file
 * @param fresh tiles of no earlier result that have no file
 */
public record TilesThere(long whole, List<Tile> damaged, List<Tile> missing, List<Tile> fresh) {
  /** Copies the lists. */
  public TilesThere {
    damaged = List.copyOf(damaged);
    missing = List.copyOf(missing);
    fresh = List.copyOf(fresh);
  }

  /** What is there and what is still to do, for a plan's table, a fact a line. */
  List<String[]> facts(GramRunPlan plan, Rates rates) {
    List<Tile> todo = Stream.of(damaged, missing, fresh).flatMap(List::stream).toList();
    List<String> lacking = new ArrayList<>();
    add(lacking, damaged, "damaged or of another run");
    add(lacking, missing, "missing");
    add(lacking, fresh, "not there yet");
    return List.of(
        PlanTable.fact(
            "tiles there",
            Amounts.count(whole)
                + " of "
                + Amounts.counted(plan.grid().count(), "tile")
                + (lacking.isEmpty() ? "" : "; " + String.join(", ", lacking))
                + " (by files and their footers; no number was read)"),
        PlanTable.fact(
            "to compute",
            todo.isEmpty()
                ? "nothing, unless numbers turn out to be damaged"
                : Amounts.counted(todo.size(), "tile")
                    + ", "
                    + Amounts.seconds(plan.tileSeconds(rates) * plan.tiles(todo))
                    + " of a thread"));
  }

  private static void add(List<String> lacking, List<Tile> tiles, String how) {
    if (!tiles.isEmpty()) {
      lacking.add(Amounts.count(tiles.size()) + " " + how);
    }
  }
}
