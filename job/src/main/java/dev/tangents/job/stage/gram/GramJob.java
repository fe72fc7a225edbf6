package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Choices.Factors;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.io.output.RunLock;
import dev.tangents.job.io.output.RunRecord;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.FactorPlan;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.MemoryBound;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.HtmlReport;
import dev.tangents.job.report.KernelSummary;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.stage.gram.Fitting.Fitted;
import dev.tangents.job.stage.sample.Samples;
import dev.tangents.job.stage.sample.Side;
import dev.tangents.job.stage.sample.SortedSamples;
import dev.tangents.job.stage.session.Interruption;
import dev.tangents.job.stage.session.Rehearsal;
import dev.tangents.job.stage.session.Sessions;
import dev.tangents.job.stage.session.Watched;
import dev.tangents.job.stage.tile.FactorStage;
import dev.tangents.job.stage.tile.TaskReport;
import dev.tangents.job.stage.tile.TileStage;
import dev.tangents.job.stage.tile.TileStore;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.udfs.model.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** A {@link GramRun} from the moment that Spark and the model are there. */
public final class GramJob {
  private final Asked asked;
  private final Configuration configuration;
  private final JavaSparkContext spark;
  private final NetworkSpec.Network network;
  private final Broadcast<Map<String, byte[]>> modelBytes;
  private final int slots;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Target target;
  private final RunIdentity identity;
  private final Fitting fitting;

  /**
   * What is to be done and who is told.
   *
   * @param configuration what was asked for
   * @param console where the run talks to people
   * @param watch times
   */
  public record Asked(Configuration configuration, Console console, Stopwatch watch) {}

  /**
   * Where the result goes.
   *
   * @param output the folder
   * @param base what is there already and is added to
   * @param ledger where the run writes down what it is
   */
  public record Target(OutputFolder output, KernelBase base, Ledger ledger) {}

  /** Sends the model to the executors. */
  public GramJob(
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
    this.fitting = new Fitting(asked, spark, network, modelBytes, target.base());
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
  public void run(List<Side> sides) throws IOException {
    long limit = configuration.find(Settings.LIMIT).orElse(-1L);
    List<Optional<SortedSamples>> sorted = new ArrayList<>();
    for (Side side : sides) {
      sorted.add(side.sorted(slots, limit));
    }
    asked.watch().lap("read");
    List<Long> counts =
        sorted.stream().map(side -> side.map(SortedSamples::count).orElse(0L)).toList();
    Consumer<GramRunPlan> check = plan -> check(plan, sides, sorted);
    Fitted fitted = fitting.fit(counts, bound(), check);
    asked.watch().lap("prepare");
    Interruption interruption = new Interruption(spark, target.output().path());
    RunLock lock = target.output().lock(interruption);
    try {
      Optional<RunRecord> earlier = target.ledger().earlier().filter(RunIdentity::indexed);
      List<Samples> samples = begin(fitted, earlier, sides, sorted, lock);
      Set<String> there = target.output().files("kernel");
      asked.watch().lap("index");
      Optional<MemoryBound> failed = tiles(fitted, samples, earlier.isPresent(), there, lock);
      while (failed.isPresent()) {
        Fitted before = fitted;
        fitted = fitting.fit(counts, fitting.less(failed.get(), before.plan()), check);
        if (!identity.of(fitted.plan(), List.of()).equals(identity.of(before.plan(), List.of()))) {
          samples = begin(fitted, earlier, sides, sorted, lock); // panels are others
        }
        failed = tiles(fitted, samples, earlier.isPresent(), there, lock);
      }
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      interruption.requireNone(e);
      throw e;
    } finally {
      lock.close();
    }
  }

  /** Bad rows are found before anything is written, or what is there is removed. */
  private void check(GramRunPlan plan, List<Side> sides, List<Optional<SortedSamples>> sorted) {
    asked.watch().lap("prepare");
    for (int i = 0; i < sides.size(); i++) {
      sides.get(i).check(sorted.get(i), panels(plan, i));
    }
    asked.watch().lap("read");
  }

  private static Panels panels(GramRunPlan plan, int side) {
    return side == 0 ? plan.grid().rows() : plan.grid().columns();
  }

  /** What tasks may hold: as asked, with panels as those of the run that is resumed. */
  private MemoryBound bound() throws IOException {
    MemoryBound asked = MemoryBound.of(configuration, target.base().choices().isPresent());
    return target
        .ledger()
        .earlier()
        .filter(RunIdentity::indexed)
        .flatMap(RunIdentity::panelMib)
        .map(asked::keepingPanels)
        .orElse(asked);
  }

  /** Begins, or takes up the run that was begun; then writes the panels. */
  private List<Samples> begin(
      Fitted fitted,
      Optional<RunRecord> earlier,
      List<Side> sides,
      List<Optional<SortedSamples>> sorted,
      RunLock lock)
      throws IOException {
    GramRunPlan plan = fitted.plan();
    Ledger ledger = target.ledger();
    RunRecord planned = new RunRecord(identity.of(plan, List.of()), fitted.engines());
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
    RunRecord begun = new RunRecord(identity.of(plan, samples), fitted.engines());
    if (earlier.isPresent()) {
      requireSame(earlier.get(), begun);
      target.output().reopen();
      Set<String> names = target.output().files("kernel");
      long found = plan.grid().tiles().filter(tile -> names.contains(tile.fileName())).count();
      String all = Amounts.counted(plan.grid().count(), "tile");
      String verb = plan.grid().count() == 1 ? "is" : "are";
      note("resumed: %s of %s %s there".formatted(Amounts.count(found), all, verb));
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
      Path folder = target.output().child(i == 0 ? "samples" : "samples2");
      samples.add(
          sides.get(i).index(sorted.get(i), panels(plan, i), folder, plan.precision(), hadoop));
    }
    return samples;
  }

  /**
   * Computes and completes; or gives back the bound with which memory has run out, where there is
   * less to try. Then no task is left that could write another tile of this plan. Where there are
   * tiles already, panels must stay.
   *
   * @param resumed whether panels are those of an earlier part of the run
   * @param there files of tiles that were there when this process began
   */
  private Optional<MemoryBound> tiles(
      Fitted fitted, List<Samples> samples, boolean resumed, Set<String> there, RunLock lock)
      throws IOException {
    GramRunPlan plan = fitted.plan();
    RunHashes runs = identity.hashes(target.base(), plan, samples);
    List<ReportAxis> axes = ReportSize.axes(plan.grid(), samples);
    TileStage.Shared shared =
        new TileStage.Shared(
            modelBytes, spark.broadcast(axes.get(0)), spark.broadcast(axes.get(1)), hadoop);
    TileStage.Job planned = stage(plan, runs);
    long stored = planned.stored() ? store(plan, planned) : 0;
    TileStage.Job job = stored > 0 ? planned : planned.withoutFactors();
    List<TaskReport> reports;
    try {
      reports =
          watched()
              .run(
                  "tiles",
                  plan.grid().count(),
                  plan.tileFlops(),
                  done -> new TileStage(job, shared, done).run(spark, plan.cutting(slots)));
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (!Rehearsal.outOfMemory(e)) {
        throw e;
      }
      Sessions.awaitTasks(spark);
      boolean any =
          target.output().files("kernel").stream().anyMatch(name -> !name.startsWith("_"));
      MemoryBound bound = any || resumed ? fitted.bound().keepingPanels() : fitted.bound();
      if (bound.least(plan)) {
        throw e;
      }
      return Optional.of(bound);
    }
    asked.watch().lap("tiles");
    lock.requireOurs();
    target.ledger().complete(new RunRecord(identity.of(plan, samples), fitted.engines()));
    complete(
        new GramManifest(
            configuration,
            plan,
            samples,
            GramWork.of(reports, plan.grid(), there, stored),
            asked.watch(),
            spark.version(),
            lineage(plan, runs)),
        summary(plan, axes, reports));
    reports.stream().flatMap(report -> report.advice().stream()).distinct().forEach(this::note);
    return Optional.empty();
  }

  private GramManifest.Lineage lineage(GramRunPlan plan, RunHashes runs) {
    KernelBase base = target.base();
    return new GramManifest.Lineage(runs, base.sources().and(configuration, base, plan.grid()));
  }

  /** Stores every panel's factors; returns their bytes, 0 where they cannot be and need not. */
  private long store(GramRunPlan plan, TileStage.Job job) throws IOException {
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
      if (configuration.get(Settings.FACTORS) != Factors.AUTO
          || Rehearsal.outOfResources(e).isEmpty()) {
        throw e;
      }
      note("factors cannot be stored (" + e.getMessage() + "); they are computed again");
      target.output().discardFactors(); // tiles need the room
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
    output.writeReport(HtmlReport.page(manifest.title(), summary, manifest.provenance()));
    asked.watch().lap("report");
    output.discardFactors();
    output.complete(manifest.json());
    target.ledger().end();
    asked.console().out().print(manifest.summary(output.path().toString()));
  }

  private void note(String text) {
    asked.console().err().println("note: " + text);
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
        fitting.kernelSpec(plan),
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
}
