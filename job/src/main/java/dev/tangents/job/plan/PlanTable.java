package dev.tangents.job.plan;

import dev.tangents.exec.Arithmetic;
import dev.tangents.importer.Model;
import dev.tangents.job.config.Setting;
import dev.tangents.kernel.Rates;
import dev.tangents.kernel.TermPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A plan as text: what {@code --dry-run} prints. */
public final class PlanTable {
  private PlanTable() {}

  /**
   * The plan, one fact a line, then one parameter a line.
   *
   * @param rates what this machine does in a second, strictly, for the predicted times
   * @param factors where tiles take factors from
   * @param there what there is of the tiles, if it was looked at
   */
  public static String text(
      GramRunPlan plan, Rates rates, FactorPlan factors, Optional<TilesThere> there) {
    TileGrid grid = plan.grid();
    Model model = plan.network().model();
    List<String[]> facts = new ArrayList<>();
    facts.add(fact("model", model.description()));
    facts.add(fact("N  samples", samples(grid)));
    facts.add(fact("D  features", Amounts.count(model.inputWidth())));
    facts.add(fact("O  outputs", outputs(plan)));
    facts.add(fact("P  parameters", Amounts.count(model.parameterCount())));
    facts.add(fact("kernel", kernel(plan)));
    facts.add(
        fact(
            "tiles",
            String.format(
                Locale.ROOT,
                "%s%s of up to %,d x %,d, from %s",
                Amounts.count(grid.count()),
                grid.knownRows() > 0 ? fresh(grid.fresh()) : "",
                plan.tileRows(),
                plan.tileColumns(),
                Amounts.counted(
                    grid.rows().count() + (grid.symmetric() ? 0 : grid.columns().count()),
                    "panel"))));
    facts.add(fact("micro-batch", Amounts.counted(plan.microBatch(), "sample")));
    if (plan.plan().passes() > 1) {
      facts.add(
          fact(
              "passes",
              Amounts.count(plan.plan().passes())
                  + " a tile, of "
                  + Amounts.counted(plan.plan().lanes(), "output")));
    }
    facts.add(fact("all tiles", work(plan.tileFlops(), plan.tileSeconds(rates) * plan.tiles())));
    there.ifPresent(tiles -> facts.addAll(tiles.facts(plan, rates)));
    facts.add(
        fact(
            "network passes",
            work(plan.networkFlops(), plan.networkSeconds(rates)) + ", every sample once"));
    // Where the engine has no device here, rates are those that plans reckon with.
    facts.add(fact(rates.equals(Rates.GPU) ? "an H200" : "this machine", rates(plan, rates)));
    facts.add(fact("memory a task", memory(plan)));
    facts.add(fact("check", check(plan.check())));
    facts.add(fact("result", Amounts.bytes(plan.resultBytes())));
    return aligned(facts)
        + "\n"
        + aligned(factors.table())
        + "\n"
        + aligned(terms(plan, rates))
        + "\nEach parameter by itself; together, equal products are computed once.\n";
  }

  private static String memory(GramRunPlan plan) {
    String bytes = Amounts.bytes(plan.taskBytes());
    // A GPU holds all products that one kernel adds up; a rehearsal finds how much that is.
    return (plan.rates().equals(Rates.GPU) ? "about " + bytes : bytes + " at most")
        + ": 2 panels of "
        + Amounts.bytes(plan.panelBytes())
        + ", cache "
        + Amounts.bytes(plan.cacheBytes())
        + ", results "
        + Amounts.bytes(plan.tileBytes())
        + ", work "
        + Amounts.bytes(plan.workBytes());
  }

  private static String check(CheckPlan check) {
    return String.format(
        Locale.ROOT,
        "%d x %d entries by J (J^T v), of one tile in %,d, to %.0e",
        check.samples(),
        check.samples(),
        check.every(),
        check.bound());
  }

  private static String work(double flops, double seconds) {
    return Amounts.flops(flops) + ", " + Amounts.seconds(seconds) + " of a thread";
  }

  private static String rates(GramRunPlan plan, Rates rates) {
    Arithmetic arithmetic = plan.check().precision().arithmetic();
    return "%s GFLOP/s in a product%s, %s GB/s in a pass, %s GB/s in a transpose, a thread"
        .formatted(
            Amounts.number(rates.product() / 1e9),
            arithmetic == Arithmetic.STRICT
                ? ""
                : " (%s by %s in tiles)"
                    .formatted(
                        Amounts.number(rates.ofTiles(arithmetic).product() / 1e9), arithmetic),
            Amounts.number(rates.stream() / 1e9),
            Amounts.number(rates.move() / 1e9));
  }

  private static String samples(TileGrid grid) {
    String rows = samples(grid.rows(), grid.knownRows());
    return grid.symmetric() ? rows : rows + " x " + samples(grid.columns(), grid.knownColumns());
  }

  private static String samples(Panels panels, int known) {
    String all = Amounts.count(panels.samples());
    if (known == 0) {
      return all;
    }
    return all + fresh(known == panels.count() ? 0 : panels.samples() - panels.first(known));
  }

  private static String fresh(long count) {
    return " (" + Amounts.count(count) + " new)";
  }

  private static String outputs(GramRunPlan plan) {
    long all = plan.network().model().outputCount();
    long used = plan.plan().outputs();
    return used == all ? Amounts.count(all) : Amounts.count(used) + " of " + Amounts.count(all);
  }

  private static List<String[]> terms(GramRunPlan plan, Rates rates) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"parameter", "method", "uses", "a sample", "a tile", "predicted"});
    for (TermPlan term : plan.predicted(rates)) {
      rows.add(
          new String[] {
            term.parameter(),
            Setting.kebab(term.method()),
            Integer.toString(term.uses()),
            Amounts.bytes((double) term.numbersPerSample() * plan.precision().bytes()),
            Amounts.flops(term.tileFlops()),
            Amounts.seconds(term.tileSeconds())
          });
    }
    return rows;
  }

  private static String kernel(GramRunPlan plan) {
    TilePrecision precision = plan.check().precision();
    return Setting.kebab(plan.plan().request().kind())
        + (plan.plan().request().components() ? ", by parameter" : "")
        + ", "
        + Setting.kebab(plan.precision())
        + (precision.reduced()
            ? String.format(
                Locale.ROOT,
                ", tiles in %s (again strictly where off by more than %.1e of mean |K|)",
                precision.arithmetic(),
                precision.maxError())
            : "");
  }

  /** One line of a plan. */
  public static String[] fact(String name, String value) {
    return new String[] {name, value};
  }

  /** Rows of equal length as text, columns under each other. */
  public static String aligned(List<String[]> rows) {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private static String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
    }
    return line.toString().stripTrailing() + "\n";
  }
}
