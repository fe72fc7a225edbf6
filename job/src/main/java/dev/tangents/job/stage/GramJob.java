package dev.tangents.job.stage;

import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Choices.Factors;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.OutputFolder;
import dev.tangents.job.io.RunHashes;
import dev.tangents.job.io.RunLock;
import dev.tangents.job.io.RunRecord;
import dev.tangents.job.io.Scalar;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.io.TileWriter;
import dev.tangents.job.plan.FactorPlan;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.HtmlReport;
import dev.tangents.job.report.KernelSummary;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.udfs.model.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** A {@link GramRun} from the moment that Spark and the model are there. */
final class GramJob {
  /** Panels of less make tiles too small to be worth while. */
  private static final long LEAST_PANEL_MIB = 16;

  private final Asked asked;
  private final Configuration configuration;
  private final JavaSparkContext spark;
  private final NetworkSpec.Network network;
  private final Broadcast<Map<String, byte[]>> modelBytes;
  private final int slots;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Target target;
  private final RunIdentity identity;

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

  /**
   * Where the result goes.
   *
   * @param output the folder
   * @param base what is there already and is added to
   * @param ledger where the run writes down what it is
   */
  record Target(OutputFolder output, KernelBase base, Ledger ledger) {}

  /** Sends the model to the executors. */
  GramJob(
      Asked asked,
      SparkSession session,
      NetworkSpec.Network network,
      ModelFiles model,
      Target target) {
    this.asked = asked;
    this.configuration = asked.configuration();
    this.spark = new JavaSparkContext(session.sparkContext());
    this.network = network;
    this.modelBytes = spark.broadcast(model.bytes());
    this.slots = spark.defaultParallelism();
    this.hadoop =
        spark.broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
    this.target = target;
    this.identity = new RunIdentity(configuration, network.model().sha256());
  }

  /** The inputs: of the rows, and of the columns where these are others. */
  static List<String> inputs(Configuration configuration) {
    List<String> inputs = new ArrayList<>(List.of(configuration.get(Settings.INPUT)));
    configuration.find(Settings.INPUT2).ifPresent(inputs::add);
    return inputs;
  }

  /**
   * Reads, computes, writes, and says what was done.
   *
   * @param sides what is read for the rows, and for the columns where these are others
   */
  void run(List<Side> sides) throws IOException {
    long limit = configuration.find(Settings.LIMIT).orElse(-1L);
    List<Optional<SortedSamples>> sorted = new ArrayList<>();
    for (Side side : sides) {
      sorted.add(side.sorted(slots, limit));
    }
    asked.watch().lap("read");
    Rehearsed rehearsed =
        rehearsed(sorted.stream().map(side -> side.map(SortedSamples::count).orElse(0L)).toList());
    asked.watch().lap("prepare");
    RunLock lock = target.output().lock(this::stop);
    try {
      List<Samples> samples = begin(rehearsed, sides, sorted, lock);
      asked.watch().lap("index");
      tiles(rehearsed, samples, lock);
    } finally {
      lock.close();
    }
  }

  private void stop() {
    note("another process has taken " + target.output().path() + "; this one stops");
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
      GramRunPlan plan = plan(counts, new GramRunPlan.Memory(panel, cache));
      try {
        int tasks = (int) Math.min(slots, plan.grid().count());
        List<String> engines =
            Rehearsal.run(
                spark, kernelSpec(plan), modelBytes, tasks, plan.tileRows(), plan.tileColumns());
        return new Rehearsed(plan, engines);
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        boolean fixed =
            configuration.find(Settings.TILE).isPresent() || target.base().choices().isPresent();
        boolean least = fixed ? cache == 0 : panel / 2 < LEAST_PANEL_MIB;
        if (least || !Rehearsal.outOfMemory(e)) {
          throw e;
        }
        panel = fixed ? panel : panel / 2;
        cache = fixed ? cache / 2 : Math.min(cache, panel);
        note(
            "an executor has less memory than planned with; trying "
                + (fixed ? "a cache of " + cache + " MiB" : "panels of " + panel + " MiB"));
      }
    }
  }

  private GramRunPlan plan(List<Long> counts, GramRunPlan.Memory memory) {
    return target
        .base()
        .choices()
        .map(
            choices ->
                GramRunPlan.extending(
                    configuration, network, choices, target.base().grid(counts), memory))
        .orElseGet(() -> GramRunPlan.of(configuration, network, counts, memory));
  }

  /** Begins, or takes up the run that was begun; then writes the panels. */
  private List<Samples> begin(
      Rehearsed rehearsed, List<Side> sides, List<Optional<SortedSamples>> sorted, RunLock lock)
      throws IOException {
    GramRunPlan plan = rehearsed.plan();
    Ledger ledger = target.ledger();
    RunRecord planned = new RunRecord(identity.of(plan, List.of()), rehearsed.engines());
    Optional<RunRecord> earlier = ledger.earlier().filter(record -> RunIdentity.indexed(record));
    if (earlier.isPresent()) {
      requireSame(earlier.get(), planned);
    } else {
      ledger.start(planned);
    }
    List<Samples> samples;
    try {
      samples = index(plan, sides, sorted);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (earlier.isEmpty()) {
        lock.requireOurs();
        ledger.undo();
      }
      throw e;
    }
    RunRecord begun = new RunRecord(identity.of(plan, samples), rehearsed.engines());
    if (earlier.isPresent()) {
      requireSame(earlier.get(), begun);
      target.output().reopen();
      Set<String> there = target.output().files("kernel");
      long found = plan.grid().tiles().filter(tile -> there.contains(tile.fileName())).count();
      note("resumed: %d of %d tiles are there".formatted(found, plan.grid().count()));
    } else {
      ledger.begin(begun);
    }
    return samples;
  }

  private void requireSame(RunRecord earlier, RunRecord now) {
    earlier.requireSame(now, target.output().path(), configuration.get(Settings.MIXED_HARDWARE));
  }

  private List<Samples> index(
      GramRunPlan plan, List<Side> sides, List<Optional<SortedSamples>> sorted) throws IOException {
    List<Samples> samples = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      Panels panels = i == 0 ? plan.grid().rows() : plan.grid().columns();
      Path folder = target.output().child(i == 0 ? "samples" : "samples2");
      samples.add(sides.get(i).index(sorted.get(i), panels, folder, plan.precision(), hadoop));
    }
    return samples;
  }

  private void tiles(Rehearsed rehearsed, List<Samples> samples, RunLock lock) throws IOException {
    GramRunPlan plan = rehearsed.plan();
    RunHashes before = target.base().runs();
    RunHashes runs =
        plan.grid().fresh() == 0
            ? before
            : before.and(configuration.resultHash(identity.used(plan, samples)), plan.grid());
    List<ReportAxis> axes = axes(plan.grid(), samples);
    TileStage.Shared shared =
        new TileStage.Shared(
            modelBytes, spark.broadcast(axes.get(0)), spark.broadcast(axes.get(1)), hadoop);
    TileStage.Job planned = stage(plan, runs);
    long stored = planned.stored() ? store(plan, planned) : 0;
    TileStage.Job job = stored > 0 ? planned : planned.withoutFactors();
    List<TaskReport> reports =
        watched()
            .run(
                "tiles",
                plan.grid().count(),
                plan.tileFlops(),
                done -> new TileStage(job, shared, done).run(spark, plan.cutting(slots)));
    asked.watch().lap("tiles");
    lock.requireOurs();
    target.ledger().complete(new RunRecord(identity.of(plan, samples), rehearsed.engines()));
    complete(
        new GramManifest(
            configuration, plan, samples, reports, stored, asked.watch(), spark.version(), runs),
        summary(plan, axes, reports));
    reports.stream().flatMap(report -> report.advice().stream()).distinct().forEach(this::note);
  }

  /**
   * Sends every panel through the network once; returns the bytes of their factors, 0 where they
   * cannot be stored and need not.
   */
  private long store(GramRunPlan plan, TileStage.Job job) {
    List<FactorStage.Side> sides =
        Stream.of(job.folders().rows(), job.folders().columns()).distinct().toList();
    long panels = sides.stream().mapToLong(side -> side.panels().count()).sum();
    int passes = plan.plan().passes();
    try {
      return watched()
          .run(
              "panels",
              panels,
              0,
              done ->
                  new FactorStage(job.kernel(), job.width(), passes, modelBytes, hadoop, done)
                      .run(spark, sides));
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (configuration.get(Settings.FACTORS) != Factors.AUTO || !Rehearsal.outOfMemory(e)) {
        throw e;
      }
      note("factors cannot be stored (" + e.getMessage() + "); they are computed again");
      return 0;
    } finally {
      asked.watch().lap("factors");
    }
  }

  private Watched watched() {
    return new Watched(spark, asked.console());
  }

  private static KernelSummary summary(
      GramRunPlan plan, List<ReportAxis> axes, List<TaskReport> reports) {
    return new KernelSummary(
        axes.get(0),
        axes.get(1),
        reports.stream().flatMap(report -> report.tiles().stream()).toList(),
        plan.grid().symmetric());
  }

  private void complete(GramManifest manifest, KernelSummary summary) throws IOException {
    OutputFolder output = target.output();
    output.writeReport(HtmlReport.page(manifest.title(), summary, manifest.facts()));
    asked.watch().lap("report");
    output.discardFactors();
    output.complete(manifest.json());
    target.ledger().end();
    asked.console().out().print(manifest.summary(output.path().toString()));
  }

  private void note(String text) {
    asked.console().err().println("note: " + text);
  }

  private KernelSpec kernelSpec(GramRunPlan plan) {
    return new KernelSpec(
        NetworkSpec.of(configuration).decided(plan.plan()),
        network.model().sha256(),
        configuration.get(Settings.ENGINE),
        plan.precision(),
        plan.check().precision().arithmetic(),
        plan.microBatch(),
        plan.cacheBytes(),
        plan.check().samples());
  }

  private TileStage.Job stage(GramRunPlan plan, RunHashes runs) throws IOException {
    KernelPlan kernel = plan.plan();
    TileValues.Form form =
        switch (kernel.request().kind()) {
          case TRACE, SUM -> TileValues.Form.SINGLE;
          case PER_OUTPUT -> TileValues.Form.PER_OUTPUT;
          case FULL -> TileValues.Form.FULL;
        };
    Map<String, String> footer = new TreeMap<>();
    footer.put("tangents.kernel", kernel.request().kind().flag());
    FactorStage.Side rows = side("samples", "_factors", plan.grid().rows());
    TileStage.Folders folders =
        new TileStage.Folders(
            rows,
            plan.grid().symmetric() ? rows : side("samples2", "_factors2", plan.grid().columns()),
            target.output().child("kernel").toString());
    return new TileStage.Job(
        kernelSpec(plan),
        new TileStore.Contents(plan.grid(), runs, plan.mirror()),
        Math.toIntExact(network.model().inputWidth()),
        form,
        Math.toIntExact(kernel.outputs()),
        plan.together(),
        plan.check(),
        new TileWriter.Form(
            new ArrayList<>(kernel.components()),
            plan.precision(),
            configuration.get(Settings.COMPRESSION),
            footer),
        folders,
        FactorPlan.of(configuration.get(Settings.FACTORS), plan, slots)
            .stored((double) target.output().free()));
  }

  private FactorStage.Side side(String samples, String factors, Panels panels) {
    return new FactorStage.Side(
        target.output().child(samples).toString(),
        target.output().child(factors).toString(),
        panels);
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
