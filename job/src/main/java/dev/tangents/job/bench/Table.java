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

  private static String number(double value) {
    double size = Math.abs(value);
    if (size != 0 && size < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    return String.format(Locale.ROOT, size < 10 ? "%.3f" : "%.1f", value);
  }
}
