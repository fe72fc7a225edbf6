package dev.tangents.job.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code report.html}: one page that needs nothing beside itself. */
public final class HtmlReport {
  private static final int BINS = 40;
  private static final int PLOT_WIDTH = 560;
  private static final int PLOT_HEIGHT = 160;

  private static final String STYLE =
      """
      body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; color: #222 }
      h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
      img { width: 100%; max-width: 560px; image-rendering: pixelated; border: 1px solid #ccc }
      table { border-collapse: collapse } td, th { padding: .2em .6em; text-align: left; vertical-align: top;
      border-bottom: 1px solid #e4e4e4; overflow-wrap: anywhere }
      table.means td, table.means th { text-align: right; font-variant-numeric: tabular-nums }
      .note { color: #555 }
      """;

  private HtmlReport() {}

  /**
   * The page.
   *
   * @param title what ran
   * @param kernel what came out
   * @param manifest the run's record; shown flat as the provenance
   */
  public static String page(String title, KernelSummary kernel, Map<String, Object> manifest) {
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><title>").append(escaped(title)).append("</title>");
    page.append("<style>\n").append(STYLE).append("</style></head><body>\n");
    page.append("<h1>").append(escaped(title)).append("</h1>\n");
    picture(page, kernel);
    means(page, kernel);
    double[] diagonal = kernel.diagonal();
    if (diagonal.length > 0) {
      histogram(page, diagonal);
    }
    page.append("<h2>Provenance</h2>\n<table>\n");
    rows(page, "", manifest);
    return page.append("</table>\n</body></html>\n").toString();
  }

  private static void picture(StringBuilder page, KernelSummary kernel) {
    HeatMap map = new HeatMap(kernel);
    page.append(
        "<h2>Kernel</h2>\n<img alt=\"Heat map of the kernel\" src=\"data:image/png;base64,");
    page.append(map.base64()).append("\">\n<p class=\"note\">");
    page.append(
        String.format(
            Locale.ROOT,
            "%d x %d pixels, each the mean of the entries under it, from %.4g (dark) to %.4g"
                + " (bright). Samples are ordered by %s.</p>%n",
            kernel.rows().pixels(),
            kernel.columns().pixels(),
            map.least(),
            map.most(),
            kernel.rows().isOrdered() ? "label" : "index"));
  }

  private static void means(StringBuilder page, KernelSummary kernel) {
    if (kernel.rows().groups().isEmpty() || kernel.columns().groups().isEmpty()) {
      return;
    }
    page.append("<h2>Mean by label</h2>\n<table class=\"means\">\n<tr><th></th>");
    kernel.columns().groups().forEach(g -> page.append("<th>").append(escaped(g)).append("</th>"));
    page.append("</tr>\n");
    for (int r = 0; r < kernel.rows().groups().size(); r++) {
      page.append("<tr><th>").append(escaped(kernel.rows().groups().get(r))).append("</th>");
      for (int c = 0; c < kernel.columns().groups().size(); c++) {
        page.append(String.format(Locale.ROOT, "<td>%.4g</td>", kernel.group(r, c)));
      }
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void histogram(StringBuilder page, double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    double width = high > low ? (high - low) / BINS : 1;
    int[] bins = new int[BINS];
    int fullest = 1;
    for (double value : values) {
      int bin = (int) Math.min(BINS - 1, (value - low) / width);
      bins[bin]++;
      fullest = Math.max(fullest, bins[bin]);
    }
    page.append("<h2>Diagonal</h2>\n<svg role=\"img\" aria-label=\"Histogram of the diagonal\"");
    page.append(
        String.format(
            Locale.ROOT,
            " viewBox=\"0 0 %d %d\" width=\"%d\">",
            PLOT_WIDTH,
            PLOT_HEIGHT,
            PLOT_WIDTH));
    for (int i = 0; i < BINS; i++) {
      double height = (double) PLOT_HEIGHT * bins[i] / fullest;
      page.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#3b528b\"/>",
              (double) PLOT_WIDTH * i / BINS,
              PLOT_HEIGHT - height,
              (double) PLOT_WIDTH / BINS - 1,
              height));
    }
    page.append(
        String.format(
            Locale.ROOT,
            "</svg>%n<p class=\"note\">K[n, n] of %,d samples: %.4g to %.4g, mean %.4g.</p>%n",
            values.length,
            low,
            high,
            sum / values.length));
  }

  private static void rows(StringBuilder page, String prefix, Map<?, ?> facts) {
    facts.forEach(
        (key, value) ->
            row(page, prefix.isEmpty() ? String.valueOf(key) : prefix + " / " + key, value));
  }

  /** What has parts is shown by its parts, those of a list by their number. */
  private static void row(StringBuilder page, String name, Object value) {
    if (value instanceof Map<?, ?> nested) {
      rows(page, name, nested);
    } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        row(page, name + " / " + (i + 1), list.get(i));
      }
    } else {
      page.append("<tr><th>").append(escaped(name)).append("</th><td>");
      page.append(escaped(String.valueOf(value))).append("</td></tr>\n");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
