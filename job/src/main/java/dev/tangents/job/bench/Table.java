package dev.tangents.job.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Prints figures. */
public final class Table {
  private Table() {}

  /** Aligned columns for people: figure, unit, and how it compares. */
  public static String text(List<Row> rows) {
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      String line =
          String.format(
              Locale.ROOT,
              "%-" + width + "s  %10s %-10s  %s",
              row.name(),
              number(row.value()),
              row.unit(),
              Double.isNaN(row.ratio())
                  ? row.meaning()
                  : number(row.ratio()) + " " + row.meaning());
      text.append(line.stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  /** A JSON array of objects with name, value, unit, ratio (absent for a baseline) and meaning. */
  public static String json(List<Row> rows) {
    ArrayNode array = new ObjectMapper().createArrayNode();
    for (Row row : rows) {
      ObjectNode object = array.addObject();
      object.put("name", row.name()).put("value", row.value()).put("unit", row.unit());
      if (!Double.isNaN(row.ratio())) {
        object.put("ratio", row.ratio());
      }
      object.put("meaning", row.meaning());
    }
    return array.toPrettyString() + System.lineSeparator();
  }

  /** Aligned columns: quantity, milliseconds, sum and norm of the result, or why it is missing. */
  public static String measuredText(List<Measured> measured) {
    StringBuilder text = new StringBuilder();
    text.append("%-26s %12s  %16s  %16s%n".formatted("quantity", "ms", "sum", "norm"));
    for (Measured one : measured) {
      text.append(
          one.note().isEmpty()
              ? String.format(
                  Locale.ROOT,
                  "%-26s %12s  %16.8g  %16.8g%n",
                  one.name(),
                  number(one.milliseconds()),
                  one.sum(),
                  one.norm())
              : "%-26s %s%n".formatted(one.name(), one.note()));
    }
    return text.toString();
  }

  /** A JSON array of objects with name, ms, sum and norm, or name and note. */
  public static String measuredJson(List<Measured> measured) {
    ArrayNode array = new ObjectMapper().createArrayNode();
    for (Measured one : measured) {
      ObjectNode object = array.addObject().put("name", one.name());
      if (one.note().isEmpty()) {
        object.put("ms", one.milliseconds()).put("sum", one.sum()).put("norm", one.norm());
      } else {
        object.put("note", one.note());
      }
    }
    return array.toPrettyString() + System.lineSeparator();
  }

  private static String number(double value) {
    double size = Math.abs(value);
    if (size != 0 && size < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    return String.format(Locale.ROOT, size < 10 ? "%.3f" : "%.1f", value);
  }
}
