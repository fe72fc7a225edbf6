package dev.tangents.job.stage;

import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.io.OutputFolder;
import dev.tangents.job.io.PanelWriter;
import dev.tangents.job.io.RunLock;
import dev.tangents.job.io.RunRecord;
import dev.tangents.job.io.Scalar;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.io.TileWriter;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.HtmlReport;
import dev.tangents.job.report.KernelSummary;
import dev.tangents.job.report.Progress;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.kernel.KernelPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** A {@link GramRun} from the moment that Spark and the model are there. */
final class GramJob {
  /** Tiles that wait on the heap for all passes of their plan, at most. */
  private static final int TILES_A_PASS = 64;

  /** Panels of less make tiles too small to be worth while. */
  private static final long LEAST_PANEL_MIB = 16;

  private final Asked asked;
  private final Configuration configuration;
  private final JavaSparkContext spark;
  private final NetworkSpec.Network network;
  private final Broadcast<Map<String, byte[]>> modelBytes;
  private final int slots;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final OutputFolder output;

  /**
   * What is to be done and who is told.
   *
   * @param configuration what was asked for
   * @param console where the run talks to people
   * @param watch times
   */
  record Asked(Configuration configuration, Console console, Stopwatch watch) {}

  /**
   * A plan that fits, and the engines that it was tried on.
   *
   * @param engines each once
   */
  private record Rehearsed(GramRunPlan plan, List<String> engines) {}

  /** Checks the output folder, and sends the model to the executors. */
  GramJob(Asked asked, SparkSession session, NetworkSpec.Network network, ModelFiles model) {
    this.asked = asked;
    this.configuration = asked.configuration();
    this.spark = new JavaSparkContext(session.sparkContext());
    this.network = network;
    this.modelBytes = spark.broadcast(model.bytes());
    this.slots = spark.defaultParallelism();
    this.hadoop =
        spark.broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
    this.output =
        OutputFolder.check(
            hadoop.value().value(),
            configuration.get(Settings.OUTPUT),
            configuration.get(Settings.IF_EXISTS),
            inputs(configuration));
  }

  /** The inputs: of the rows, and of the columns where these are others. */
  static List<String> inputs(Configuration configuration) {
    List<String> inputs = new ArrayList<>(List.of(configuration.get(Settings.INPUT)));
    configuration.find(Settings.INPUT2).ifPresent(inputs::add);
    return inputs;
  }

  /** Reads, computes, writes, and says what was done. */
  void run(List<InputTable> tables) throws IOException {
    List<String> paths = inputs(configuration);
    long limit = configuration.find(Settings.LIMIT).orElse(-1L);
    List<SortedSamples> sorted = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      sorted.add(SortedSamples.of(tables.get(i).samples(), paths.get(i), slots, limit));
    }
    asked.watch().lap("read");
    Rehearsed rehearsed = rehearsed(sorted.stream().map(SortedSamples::count).toList());
    asked.watch().lap("prepare");
    RunLock lock = output.lock(this::stop);
    try {
      List<Samples> samples = begin(rehearsed, tables, sorted);
      asked.watch().lap("index");
      tiles(rehearsed.plan(), samples);
    } finally {
      lock.close();
    }
  }

  private void stop() {
    note("another process has taken " + output.path() + "; this one stops");
    spark.sc().cancelAllJobs();
  }

  /**
   * The plan, once every executor has taken what it needs; with panels of half the bytes where that
   * failed, until it fits. From here on nothing changes any more.
   */
  private Rehearsed rehearsed(List<Long> counts) {
    long panel = configuration.get(Settings.PANEL_MIB);
    long cache = configuration.get(Settings.CACHE_MIB);
    while (true) {
      GramRunPlan plan =
          GramRunPlan.of(configuration, network, counts, new GramRunPlan.Memory(panel, cache));
      try {
        int tasks = (int) Math.min(slots, plan.grid().count());
        List<String> engines =
            Rehearsal.run(
                spark, kernelSpec(plan), modelBytes, tasks, plan.tileRows(), plan.tileColumns());
        return new Rehearsed(plan, engines);
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        boolean fixed = configuration.find(Settings.TILE).isPresent();
        if (panel / 2 < LEAST_PANEL_MIB || fixed || !Rehearsal.outOfMemory(e)) {
          throw e;
        }
        panel /= 2;
        cache = Math.min(cache, panel);
        note("an executor has less memory than planned with; trying panels of " + panel + " MiB");
      }
    }
  }

  /** Removes an earlier result, or takes up the run that it is; then writes the panels. */
  private List<Samples> begin(
      Rehearsed rehearsed, List<InputTable> tables, List<SortedSamples> sorted) throws IOException {
    GramRunPlan plan = rehearsed.plan();
    RunRecord planned = new RunRecord(identity(plan, List.of()), rehearsed.engines());
    Optional<RunRecord> earlier = resumable();
    if (earlier.isPresent()) {
      requireSame(earlier.get(), planned);
    } else {
      output.clear();
      output.write(planned);
    }
    List<Samples> samples = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      Panels panels = i == 0 ? plan.grid().rows() : plan.grid().columns();
      samples.add(index(tables.get(i), sorted.get(i), panels, i == 0 ? "samples" : "samples2"));
    }
    RunRecord begun = new RunRecord(identity(plan, samples), rehearsed.engines());
    if (earlier.isPresent()) {
      requireSame(earlier.get(), begun);
      output.reopen();
      Set<String> there = output.files("kernel");
      long found = plan.grid().tiles().filter(tile -> there.contains(tile.fileName())).count();
      note("resumed: %d of %d tiles are there".formatted(found, plan.grid().count()));
    } else {
      output.write(begun);
    }
    return samples;
  }

  /** The run that this one continues; none if it had not come as far as its first tile. */
  private Optional<RunRecord> resumable() throws IOException {
    if (configuration.get(Settings.IF_EXISTS) != IfExists.RESUME) {
      return Optional.empty();
    }
    return output.record().filter(record -> record.identity().containsKey(inputKey(0)));
  }

  private void requireSame(RunRecord earlier, RunRecord now) {
    earlier.requireSame(now, output.path(), configuration.get(Settings.MIXED_HARDWARE));
  }

  private Samples index(InputTable table, SortedSamples sorted, Panels panels, String folder) {
    PanelWriter.Form form =
        new PanelWriter.Form(table.idType(), table.labelType(), configuration.get(Settings.DTYPE));
    return new IndexStage(panels, output.child(folder), form, hadoop).run(sorted);
  }

  private void tiles(GramRunPlan plan, List<Samples> samples) throws IOException {
    String hash = configuration.resultHash(used(plan, samples));
    List<ReportAxis> axes = axes(plan.grid(), samples);
    TileStage.Shared shared =
        new TileStage.Shared(
            modelBytes, spark.broadcast(axes.get(0)), spark.broadcast(axes.get(1)), hadoop);
    LongAccumulator done = spark.sc().longAccumulator("tiles");
    Progress progress =
        new Progress(
            asked.console().err(),
            asked.console().terminal(),
            "tiles",
            plan.grid().count(),
            plan.tileFlops(),
            done::value,
            () -> Sessions.executors(spark));
    List<TaskReport> reports;
    try {
      reports = new TileStage(stage(plan, hash), shared, done).run(spark, slots);
    } finally {
      progress.close();
    }
    asked.watch().lap("tiles");
    complete(plan, samples, axes, reports, hash);
  }

  private void complete(
      GramRunPlan plan,
      List<Samples> samples,
      List<ReportAxis> axes,
      List<TaskReport> reports,
      String hash)
      throws IOException {
    KernelSummary summary =
        new KernelSummary(
            axes.get(0),
            axes.get(1),
            reports.stream().flatMap(report -> report.tiles().stream()).toList(),
            plan.grid().symmetric());
    GramManifest manifest =
        new GramManifest(
            configuration, plan, samples, reports, asked.watch(), spark.version(), hash);
    output.writeReport(HtmlReport.page(manifest.title(), summary, manifest.facts()));
    asked.watch().lap("report");
    output.complete(manifest.json());
    asked.console().out().print(manifest.summary(output.path().toString()));
    reports.stream().flatMap(report -> report.advice().stream()).distinct().forEach(this::note);
  }

  private void note(String text) {
    asked.console().err().println("note: " + text);
  }

  private Map<String, String> identity(GramRunPlan plan, List<Samples> samples) {
    Map<String, String> identity = new TreeMap<>(configuration.shaping());
    identity.putAll(used(plan, samples));
    return identity;
  }

  private Map<String, String> used(GramRunPlan plan, List<Samples> samples) {
    Map<String, String> used = new TreeMap<>();
    used.put("model-sha256", network.model().sha256());
    used.put("model-output-used", configuration.get(Settings.MODEL_OUTPUT).label());
    used.put("tile-used", Integer.toString(plan.grid().rows().size()));
    used.put("micro-batch-used", Integer.toString(plan.microBatch()));
    used.put("lanes-used", Long.toString(plan.plan().lanes()));
    used.put("methods-used", plan.plan().methods().toString());
    used.put("samples", Long.toString(plan.grid().rows().samples()));
    used.put("samples2", Long.toString(plan.grid().columns().samples()));
    for (int i = 0; i < samples.size(); i++) {
      used.put(inputKey(i), samples.get(i).hash());
    }
    return used;
  }

  private static String inputKey(int side) {
    return "input-sha256-" + side;
  }

  private KernelSpec kernelSpec(GramRunPlan plan) {
    return new KernelSpec(
        NetworkSpec.of(configuration).decided(plan.plan()),
        network.model().sha256(),
        configuration.get(Settings.ENGINE),
        plan.precision(),
        plan.microBatch(),
        plan.cacheBytes(),
        plan.check().samples());
  }

  private TileStage.Job stage(GramRunPlan plan, String hash) {
    KernelPlan kernel = plan.plan();
    TileValues.Form form =
        switch (kernel.request().kind()) {
          case TRACE, SUM -> TileValues.Form.SINGLE;
          case PER_OUTPUT -> TileValues.Form.PER_OUTPUT;
          case FULL -> TileValues.Form.FULL;
        };
    Map<String, String> footer = new TreeMap<>();
    footer.put(TileStore.CONFIGURATION, hash);
    footer.put("tangents.kernel", kernel.request().kind().flag());
    TileStage.Folders folders =
        new TileStage.Folders(
            output.child("samples").toString(),
            output.child(plan.grid().symmetric() ? "samples" : "samples2").toString(),
            output.child("kernel").toString());
    return new TileStage.Job(
        kernelSpec(plan),
        plan.grid(),
        Math.toIntExact(network.model().inputWidth()),
        form,
        Math.toIntExact(kernel.outputs()),
        plan.heldPanels(),
        kernel.passes() > 1 ? TILES_A_PASS : 1,
        plan.mirror(),
        plan.check(),
        new TileWriter.Form(
            new ArrayList<>(kernel.components()),
            plan.precision(),
            configuration.get(Settings.COMPRESSION),
            footer),
        folders);
  }

  /** Rows and columns of the report's picture. */
  private static List<ReportAxis> axes(TileGrid grid, List<Samples> samples) {
    int most = ReportSize.pixels(grid.count());
    boolean byLabel = most > 0;
    int pixels = byLabel ? most : ReportSize.MOST;
    List<ReportAxis> axes = new ArrayList<>();
    for (Samples side : samples) {
      List<Scalar> labels = side.labels();
      int count = Math.toIntExact(side.panels().samples());
      axes.add(ReportAxis.of(count, labels, pixels, byLabel));
    }
    return axes.size() == 2 ? axes : List.of(axes.get(0), axes.get(0));
  }
}
