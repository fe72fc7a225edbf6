package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.stage.sample.Samples;
import dev.tangents.job.stage.session.DeviceReport;
import dev.tangents.job.stage.session.ManifestParts;
import dev.tangents.job.stage.tile.SampledErrors;
import dev.tangents.job.stage.tile.TaskReport;
import dev.tangents.kernel.TermPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The record of a run: {@code _tangents.json}, the report's provenance, the closing summary. */
final class GramManifest {
  private final Configuration configuration;
  private final GramRunPlan plan;
  private final List<Samples> samples;
  private final GramWork work;
  private final Stopwatch watch;
  private final String sparkVersion;
  private final Lineage lineage;

  /**
   * Where the kernel is from, as far back as it goes.
   *
   * @param runs that its tiles are from
   * @param sources what its samples were read from
   */
  record Lineage(RunHashes runs, Sources sources) {}

  /** The manifest of a kernel whose every tile is there. */
  GramManifest(
      Configuration configuration,
      GramRunPlan plan,
      List<Samples> samples,
      GramWork work,
      Stopwatch watch,
      String sparkVersion,
      Lineage lineage) {
    this.configuration = configuration;
    this.plan = plan;
    this.samples = samples;
    this.work = work;
    this.watch = watch;
    this.sparkVersion = sparkVersion;
    this.lineage = lineage;
  }

  /** What ran, in a few words. */
  String title() {
    return String.format(
        Locale.ROOT,
        "Neural tangent kernel (%s) of %s samples",
        plan.plan().request().kind().flag(),
        sizes());
  }

  /** Everything, as nested maps in a fixed order. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", "complete");
    facts.put("command", "gram");
    facts.put("configuration-hash", lineage.runs().last());
    facts.put("runs", lineage.runs().facts());
    facts.put("sources", lineage.sources().entries());
    facts.put("configuration", ManifestParts.configured(configuration));
    facts.put("model", ManifestParts.model(plan.network().model()));
    facts.put("N", plan.grid().rows().samples());
    if (!plan.grid().symmetric()) {
      facts.put("N2", plan.grid().columns().samples());
    }
    facts.put("D", plan.network().model().inputWidth());
    facts.put("O", plan.plan().outputs());
    facts.put("P", plan.network().model().parameterCount());
    facts.put("kernel", Setting.kebab(plan.plan().request().kind()));
    facts.put("components", plan.plan().components());
    facts.put("symmetric", plan.grid().symmetric());
    facts.put("mirrored", plan.mirror());
    facts.put("dtype", Setting.kebab(plan.precision()));
    facts.put("precision", plan.check().precision().arithmetic().label());
    facts.put("micro-batch", plan.microBatch());
    facts.put("tile", plan.grid().rows().size());
    facts.put("tiles", plan.grid().count());
    facts.put("samples", samples.get(0).facts());
    if (samples.size() > 1) {
      facts.put("samples2", samples.get(1).facts());
    }
    facts.put("passes", plan.plan().passes());
    facts.put("lanes", plan.plan().lanes());
    facts.put("method-tile", plan.plan().request().tile());
    facts.put("panel-mib", plan.panelMib());
    facts.put("stored-factor-bytes", work.stored());
    facts.put("methods", methods());
    facts.put("check", check());
    facts.put("parameter-seconds", parameterSeconds());
    facts.put("engine", engines());
    List<Map<String, Object>> devices =
        DeviceReport.facts(work.reports().stream().map(TaskReport::device).toList());
    if (!devices.isEmpty()) {
      facts.put("devices", devices);
    }
    facts.put("versions", ManifestParts.versions(sparkVersion));
    facts.put("seconds", watch.all());
    facts.put("task-seconds", taskSeconds());
    facts.put("tile-tasks", work.reports().size());
    facts.put("tiles-ready-early", total(TaskReport::waits));
    facts.put("bytes", total(TaskReport::bytes));
    facts.put("flops", flops());
    facts.put("flops-per-second", Math.rint(rate()));
    return facts;
  }

  /** The manifest as text for people: of the settings only those of this command, a line each. */
  Map<String, Object> provenance() {
    Map<String, Object> facts = facts();
    Map<String, Object> settings = new LinkedHashMap<>();
    Set<String> keys = Settings.gram().stream().map(Setting::key).collect(Collectors.toSet());
    configuration
        .values()
        .forEach(
            (key, value) -> {
              if (keys.contains(key)) {
                settings.put(key, value.text() + " (" + value.origin() + ")");
              }
            });
    facts.put("configuration", settings);
    return facts;
  }

  /** The manifest. */
  String json() {
    return ManifestParts.json(facts());
  }

  /** What the user reads at the end. */
  String summary(String output) {
    return String.format(
        Locale.ROOT,
        "%s%n  %s%n  %s, %s in %s: %s at %.1f GFLOP/s%n%s  model %s%n  engine %s%n  report %s%n",
        title(),
        output,
        tiles(),
        bytes(),
        Amounts.seconds(((Number) watch.all().get("total")).doubleValue()),
        Amounts.flops(flops()),
        rate() / 1e9,
        plan.check().precision().reduced()
            ? "  " + errors().text(plan.check().precision()) + System.lineSeparator()
            : "",
        plan.network().model().description(),
        engines(),
        output + "/report.html");
  }

  private String sizes() {
    String rows = Amounts.count(plan.grid().rows().samples());
    return plan.grid().symmetric()
        ? rows
        : rows + " x " + Amounts.count(plan.grid().columns().samples());
  }

  /** What this run did of the kernel's tiles: others were there already. */
  private String tiles() {
    String all = Amounts.counted(plan.grid().count(), "tile");
    return isWhole() ? all : Amounts.count(work.tiles().size()) + " new of " + all;
  }

  private String bytes() {
    String all = Amounts.bytes(total(TaskReport::bytes));
    return isWhole() ? all : all + " in all,";
  }

  private boolean isWhole() {
    return work.tiles().size() == plan.grid().count();
  }

  /** Operations that this run did. */
  private double flops() {
    return plan.flops(work.tiles());
  }

  private Map<String, Object> methods() {
    Map<String, Object> methods = new LinkedHashMap<>();
    plan.plan().methods().forEach((name, method) -> methods.put(name, Setting.kebab(method)));
    return methods;
  }

  /** Task time of each parameter's share of all tiles: as its roofline has it, and as measured. */
  private Map<String, Object> parameterSeconds() {
    Map<String, Object> seconds = new LinkedHashMap<>();
    double tiles = plan.tiles(work.tiles());
    for (TermPlan term : plan.predicted(work.reports().get(0).rates())) {
      long nanos =
          work.reports().stream()
              .mapToLong(report -> report.parameterNanos().getOrDefault(term.parameter(), 0L))
              .sum();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("predicted", term.tileSeconds() * tiles);
      entry.put("measured", nanos / 1e9);
      seconds.put(term.parameter(), entry);
    }
    return seconds;
  }

  /** What the run's checks of itself have found. */
  private Map<String, Object> check() {
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("every", plan.check().every());
    check.put("samples", plan.check().samples());
    check.put("max-residual", plan.check().bound());
    check.put("tiles-checked", total(TaskReport::checks));
    check.put("tiles-kept", total(TaskReport::keptTiles));
    check.put(
        "worst-residual",
        work.reports().stream().mapToDouble(TaskReport::worstResidual).max().orElse(0));
    if (plan.check().precision().reduced()) {
      check.put("sampled-errors", errors().facts(plan.check().precision()));
    }
    return check;
  }

  private SampledErrors errors() {
    return SampledErrors.sum(work.reports().stream().map(TaskReport::errors).toList());
  }

  private String engines() {
    return String.join(
        "; ", new TreeSet<>(work.reports().stream().map(TaskReport::engine).toList()));
  }

  private Map<String, Object> taskSeconds() {
    Map<String, Object> seconds = new LinkedHashMap<>();
    seconds.put("read", total(TaskReport::readNanos) / 1e9);
    seconds.put("network", total(TaskReport::networkNanos) / 1e9);
    seconds.put("tiles", total(TaskReport::tileNanos) / 1e9);
    seconds.put("copy", total(TaskReport::copyNanos) / 1e9);
    seconds.put("write", total(TaskReport::writeNanos) / 1e9);
    seconds.put("wait", total(TaskReport::waitNanos) / 1e9);
    return seconds;
  }

  private long total(ToLongFunction<TaskReport> part) {
    return work.reports().stream().mapToLong(part).sum();
  }

  /**
   * Useful operations a second from the first panel's factors on: tiles, a network pass a sample.
   */
  private double rate() {
    return flops() / Math.max(1e-3, watch.seconds("factors") + watch.seconds("tiles"));
  }
}
