package dev.tangents.job.stage;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.rows.RowPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * The record of a run over rows: {@code _tangents.json} and the closing summary.
 *
 * @param configuration what was asked for
 * @param plan what was done
 * @param samples the input
 * @param reports of the tasks
 * @param watch times
 * @param hash of everything that the numbers depend on
 */
record RowsManifest(
    Configuration configuration,
    RowPlan plan,
    Samples samples,
    List<RowsReport> reports,
    Stopwatch watch,
    String hash) {

  /** The manifest. */
  String json(String spark) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", "complete");
    facts.put("command", plan.request().kind().command());
    facts.put("configuration-hash", hash);
    facts.put("configuration", ManifestParts.configured(configuration));
    facts.put("model", ManifestParts.model(plan.model()));
    facts.put("N", plan.panels().samples());
    facts.put("D", plan.model().inputWidth());
    facts.put("O", plan.outputs());
    facts.put("P", plan.model().parameterCount());
    facts.put("dtype", Setting.kebab(plan.precision()));
    facts.put("method", plan.method());
    facts.put("micro-batch", plan.size().samples());
    facts.put("lanes", plan.rows().outer().count() * (long) plan.rows().inner().count());
    facts.put("lanes-at-once", plan.size().outer() * (long) plan.size().inner());
    facts.put("tile", plan.panels().size());
    facts.put("samples", ManifestParts.samples(samples));
    facts.put("engine", engines());
    facts.put("versions", ManifestParts.versions(spark));
    facts.put("seconds", watch.all());
    facts.put("task-seconds", taskSeconds());
    facts.put("bytes", total(RowsReport::bytes));
    facts.put("flops", plan.flops());
    return ManifestParts.json(facts);
  }

  /** What the user reads at the end. */
  String summary(String output) {
    String kind = plan.request().kind().command();
    return String.format(
        Locale.ROOT,
        "%s (%s) of %s samples%n  %s%n  %d files, %s in %s: %s in %s of task time%n  model %s%n  engine %s%n",
        kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1),
        plan.method(),
        Amounts.count(plan.panels().samples()),
        output,
        plan.panels().count(),
        Amounts.bytes(total(RowsReport::bytes)),
        Amounts.seconds(((Number) watch.all().get("total")).doubleValue()),
        Amounts.flops(plan.flops()),
        Amounts.seconds(total(RowsReport::computeNanos) / 1e9),
        plan.model().description(),
        engines());
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

  private long total(ToLongFunction<RowsReport> part) {
    return reports.stream().mapToLong(part).sum();
  }
}
