package dev.tangents.job.stage.tile;

import dev.tangents.job.plan.TilePrecision;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What samples of tiles in a reduced arithmetic have shown: how far they were from strict entries,
 * relative to the mean of their |K|.
 */
public final class SampledErrors implements Serializable {
  private static final long serialVersionUID = 1L;

  private int measured;
  private int replaced;
  private double worst;
  private long row;
  private long column;
  private double worstReplaced;

  /** Adds a tile that stays; {@code row} and {@code column} are indexes of samples. */
  void stays(double error, long errorRow, long errorColumn) {
    measured++;
    if (error > worst) {
      worst = error;
      row = errorRow;
      column = errorColumn;
    }
  }

  /** Adds a tile that was computed again strictly. */
  void replaced(double error) {
    measured++;
    replaced++;
    worstReplaced = Math.max(worstReplaced, error);
  }

  /** The errors of several tasks together. */
  public static SampledErrors sum(Collection<SampledErrors> all) {
    SampledErrors sum = new SampledErrors();
    for (SampledErrors each : all) {
      if (each.worst > sum.worst) {
        sum.worst = each.worst;
        sum.row = each.row;
        sum.column = each.column;
      }
      sum.measured += each.measured;
      sum.replaced += each.replaced;
      sum.worstReplaced = Math.max(sum.worstReplaced, each.worstReplaced);
    }
    return sum;
  }

  /** The errors as facts for a manifest. */
  public Map<String, Object> facts(TilePrecision precision) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("max-error", precision.maxError());
    facts.put("tiles-measured", measured);
    facts.put("tiles-computed-again-strictly", replaced);
    facts.put("worst-error", worst);
    facts.put("worst-error-row", row);
    facts.put("worst-error-column", column);
    facts.put("worst-error-replaced", worstReplaced);
    return facts;
  }

  /** The errors in a line for people. */
  public String text(TilePrecision precision) {
    String stayed =
        measured == replaced
            ? "no tile stayed"
            : String.format(
                Locale.ROOT,
                "largest sampled error %.1e of mean |K|, at K[%d, %d]",
                worst,
                row,
                column);
    return String.format(
        Locale.ROOT,
        "%s in tiles: %s; %,d of %,d tiles computed again strictly (above %.1e)",
        precision.arithmetic(),
        stayed,
        replaced,
        measured,
        precision.maxError());
  }
}
