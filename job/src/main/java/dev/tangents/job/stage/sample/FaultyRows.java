package dev.tangents.job.stage.sample;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.input.Sample;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rows of a part of the input, in their order, and what is wrong with the first of them. */
final class FaultyRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Faults that are told in full. */
  static final int SHOWN = 5;

  private long rows;
  private long faults;
  private final List<String> shown = new ArrayList<>();
  private final List<Long> positions = new ArrayList<>();
  private final Set<Integer> columns = new TreeSet<>();

  /** Rows that were seen. */
  long rows() {
    return rows;
  }

  /** Counts rows that cannot be used and come behind those that are shown. */
  void more(long unshown) {
    faults += unshown;
  }

  /** Counts rows without a fault. */
  void good(long more) {
    rows += more;
  }

  /**
   * Counts a row that cannot be used.
   *
   * @param column at fault, see {@link Sample#column()}
   */
  void fault(String text, int column) {
    faults++;
    if (shown.size() < SHOWN) {
      shown.add(text);
      positions.add(rows);
      columns.add(column);
    }
    rows++;
  }

  /**
   * Throws if a row that is used has a fault.
   *
   * @param parts of the input, in their order
   * @param there rows of the input, those beyond its limit as well
   * @throws TangentsException of category DATA that lists the first faults
   */
  static void requireNone(List<FaultyRows> parts, SortedSamples.Input input, long there) {
    List<String> shown = new ArrayList<>();
    long faults = 0;
    long first = 0;
    for (FaultyRows part : parts) {
      for (int i = 0; i < part.shown.size(); i++) {
        if (input.limit() < 0 || first + part.positions.get(i) < input.limit()) {
          shown.add(part.shown.get(i));
        }
      }
      faults += part.faults;
      first += part.rows;
    }
    if (shown.isEmpty()) {
      return;
    }
    List<String> some = shown.subList(0, Math.min(SHOWN, shown.size()));
    String more =
        input.limit() < 0 && faults > some.size()
            ? "\n  and " + (faults - some.size()) + " more"
            : "";
    String cure =
        faults == there
            ? "No row can be used: choose other columns with %s, or another --model"
                .formatted(flags(parts, input.vectors()))
            : "Repair them, or leave them out with --where";
    throw TangentsException.data(
        "input: %s has rows that cannot be used:\n  %s%s\n%s",
        input.name(), String.join("\n  ", some), more, cure);
  }

  /** The flags that name the columns at fault. */
  private static String flags(List<FaultyRows> parts, List<String> vectors) {
    Set<Integer> columns = new TreeSet<>();
    parts.forEach(part -> columns.addAll(part.columns));
    return columns.stream()
        .map(
            column ->
                column == Sample.ID ? "id" : column == 0 ? "features" : vectors.get(column - 1))
        .map(flag -> "--" + flag)
        .collect(Collectors.joining(" and "));
  }
}
