package dev.tangents.job.stage.rows;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.report.PeakMemory;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.rows.RowPlan;
import dev.tangents.job.rows.RowPlanText;
import dev.tangents.job.rows.RowTask;
import dev.tangents.job.stage.sample.Samples;
import dev.tangents.job.stage.session.DeviceReport;
import dev.tangents.job.stage.session.ManifestParts;
import dev.tangents.rows.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The record of a run over rows: {@code _tangents.json} and the closing summary.
 *
 * @param configuration what was asked for
 * @param task the same, understood
 * @param plan what was done
 * @param samples the input
 * @param reports of the tasks
 * @param sumBytes bytes of the files of sums
 * @param watch times
 * @param hash of everything that the numbers depend on
 */
record RowsManifest(
    Configuration configuration,
    RowTask task,
    RowPlan plan,
    Samples samples,
    List<RowsReport> reports,
    long sumBytes,
    Stopwatch watch,
    String hash) {

  /** The manifest. */
  String json(String spark) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", "complete");
    facts.put("command", task.command().command());
    facts.put("configuration-hash", hash);
    facts.put("configuration", ManifestParts.configured(configuration));
    facts.put("model", ManifestParts.model(plan.model()));
    facts.put("N", plan.panels().samples());
    facts.put("D", plan.model().inputWidth());
    facts.put("O", plan.outputs());
    facts.put("P", plan.model().parameterCount());
    facts.put("dtype", Setting.kebab(plan.precision()));
    facts.put("method", methods());
    facts.put("quantities", quantities());
    facts.putAll(tally().facts());
    facts.put("micro-batch", plan.size().samples());
    facts.put("lanes", plan.pass().lanes());
    facts.put("lanes-at-once", RowPlanText.atOnce(plan));
    facts.put("tile", plan.panels().size());
    facts.put("file-samples", plan.fileSamples());
    facts.put("samples", samples.facts());
    facts.put("engine", engines());
    List<Map<String, Object>> devices =
        DeviceReport.facts(reports.stream().map(RowsReport::device).toList());
    if (!devices.isEmpty()) {
      facts.put("devices", devices);
    }
    facts.put("versions", ManifestParts.versions(spark));
    facts.put("seconds", watch.all());
    facts.put("task-seconds", taskSeconds());
    facts.put("bytes", bytes());
    facts.put("peak-memory", peakMemory());
    facts.put("flops", plan.flops());
    return ManifestParts.json(facts);
  }

  /** What the user reads at the end. */
  String summary(String output) {
    String kind = task.command().command();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (%s) of %s samples%n  %s%n",
            kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1),
            methods(),
            Amounts.count(plan.panels().samples()),
            output));
    Map<String, Object> tally = tally().facts();
    if (!tally.isEmpty()) {
      text.append(
          tally.entrySet().stream()
              .map(fact -> fact.getKey().replace('-', ' ') + " " + fact.getValue())
              .collect(Collectors.joining(", ", "  ", System.lineSeparator())));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "  %s, %s in %s: %s in %s of task time%n  peak memory %s%n  model %s%n  engine %s%n",
            Amounts.counted(files(), "file"),
            Amounts.bytes(bytes()),
            Amounts.seconds(((Number) watch.all().get("total")).doubleValue()),
            Amounts.flops(plan.flops()),
            Amounts.seconds(total(RowsReport::computeNanos) / 1e9),
            peakMemory().entrySet().stream()
                .map(peak -> peak.getKey() + " " + Amounts.bytes(peak.getValue()))
                .collect(Collectors.joining(", ")),
            plan.model().description(),
            engines()));
    return text.toString();
  }

  private List<Map<String, Object>> quantities() {
    List<Map<String, Object>> quantities = new ArrayList<>();
    for (int i = 0; i < plan.requests().size(); i++) {
      Quantity quantity = plan.requests().get(i).quantity();
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", quantity.label());
      facts.put("folder", task.folder(quantity));
      facts.put("method", plan.methods().get(i));
      quantities.add(facts);
    }
    return quantities;
  }

  private String methods() {
    List<String> methods = new ArrayList<>();
    for (int i = 0; i < plan.requests().size(); i++) {
      String name = task.several() ? plan.requests().get(i).quantity().label() + ": " : "";
      methods.add(name + plan.methods().get(i));
    }
    return String.join("; ", methods);
  }

  /** Bytes in RAM, all told, of the driver and of the executor that had most. */
  private Map<String, Long> peakMemory() {
    Map<String, Long> peaks = new LinkedHashMap<>();
    peaks.put("driver", PeakMemory.bytes().orElse(0));
    peaks.put("executor", reports.stream().mapToLong(RowsReport::peakMemory).max().orElse(0));
    return peaks;
  }

  private RowTally tally() {
    return reports.stream().map(RowsReport::tally).reduce(RowTally.NONE, RowTally::plus);
  }

  private String engines() {
    return String.join("; ", new TreeSet<>(reports.stream().map(RowsReport::engine).toList()));
  }

  private Map<String, Object> taskSeconds() {
    Map<String, Object> seconds = new LinkedHashMap<>();
    seconds.put("compute", total(RowsReport::computeNanos) / 1e9);
    seconds.put("write", total(RowsReport::writeNanos) / 1e9);
    return seconds;
  }

  private long files() {
    return plan.requests().stream()
        .mapToLong(
            request -> request.quantity().summed() ? plan.parameters().size() : plan.fileCount())
        .sum();
  }

  private long bytes() {
    return sumBytes + total(RowsReport::bytes);
  }

  private long total(ToLongFunction<RowsReport> part) {
    return reports.stream().mapToLong(part).sum();
  }
}
