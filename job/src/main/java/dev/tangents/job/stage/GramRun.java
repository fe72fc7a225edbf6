package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.io.OutputFolder;
import dev.tangents.job.io.PanelWriter;
import dev.tangents.job.io.Scalar;
import dev.tangents.job.io.TileValues;
import dev.tangents.job.io.TileWriter;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.PlanTable;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.HtmlReport;
import dev.tangents.job.report.KernelSummary;
import dev.tangents.job.report.Progress;
import dev.tangents.job.report.ReportAxis;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.MachineRates;
import dev.tangents.kernel.Rates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One run of {@code tangents gram}, from configuration to {@code _SUCCESS}. Everything that can be
 * checked is checked before the output folder is touched.
 */
public final class GramRun {
  /**
   * Tiles of a plan of several passes wait on the heap for all of them; so many share their row
   * panel, which would be computed for each of them otherwise.
   */
  private static final int TILES_A_PASS = 4;

  /** Panels of less make tiles too small to be worth while. */
  private static final long LEAST_PANEL_MIB = 16;

  private final Configuration configuration;
  private final Console console;
  private final Stopwatch watch = new Stopwatch();

  /** A run as configured, which talks to {@code console}. */
  public GramRun(Configuration configuration, Console console) {
    this.configuration = configuration;
    this.console = console;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    NetworkSpec spec = NetworkSpec.of(configuration);
    new Opening("gram", configuration, console, watch).run(spec.model(), spec, this::run);
  }

  private void run(SparkSession spark, NetworkSpec.Network network, ModelFiles files)
      throws IOException {
    List<InputTable> tables = new ArrayList<>();
    for (String path : inputs()) {
      tables.add(
          InputTable.open(spark, path, Tables.spec(configuration), network.model().inputs()));
    }
    if (configuration.get(Settings.DRY_RUN)) {
      GramRunPlan plan =
          plan(
              network,
              counts(tables),
              configuration.get(Settings.PANEL_MIB),
              configuration.get(Settings.CACHE_MIB));
      console.out().print(PlanTable.text(plan, rates()));
      return;
    }
    new Started(spark, network, files).run(tables);
  }

  private List<String> inputs() {
    List<String> inputs = new ArrayList<>(List.of(configuration.get(Settings.INPUT)));
    configuration.find(Settings.INPUT2).ifPresent(inputs::add);
    return inputs;
  }

  private List<Long> counts(List<InputTable> tables) {
    long limit = configuration.find(Settings.LIMIT).orElse(Long.MAX_VALUE);
    return tables.stream().map(table -> Math.min(limit, table.count())).toList();
  }

  /** Of this machine, or the reference's where its engine does not open here. */
  private Rates rates() {
    try (Engine engine =
        Engines.open(configuration.get(Settings.ENGINE), configuration.get(Settings.DTYPE))) {
      return MachineRates.of(engine);
    } catch (TangentsException e) {
      return Rates.REFERENCE;
    }
  }

  private GramRunPlan plan(
      NetworkSpec.Network network, List<Long> counts, long panelMib, long cacheMib) {
    return GramRunPlan.of(
        configuration,
        network,
        counts.get(0),
        counts.size() > 1 ? counts.get(1) : -1,
        new GramRunPlan.Memory(panelMib, cacheMib));
  }

  /** The run from the moment that Spark and the model are there. */
  private final class Started {
    private final JavaSparkContext spark;
    private final NetworkSpec.Network network;
    private final Broadcast<Map<String, byte[]>> modelBytes;
    private final int slots;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final OutputFolder output;

    Started(SparkSession session, NetworkSpec.Network network, ModelFiles model) {
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
              inputs());
    }

    void run(List<InputTable> tables) throws IOException {
      List<String> paths = inputs();
      long limit = configuration.find(Settings.LIMIT).orElse(-1L);
      List<SortedSamples> sorted = new ArrayList<>();
      for (int i = 0; i < tables.size(); i++) {
        sorted.add(SortedSamples.of(tables.get(i).samples(), paths.get(i), slots, limit));
      }
      watch.lap("read");
      GramRunPlan plan = rehearsed(sorted.stream().map(SortedSamples::count).toList());
      watch.lap("prepare");
      output.clear();
      List<Samples> samples = new ArrayList<>();
      for (int i = 0; i < tables.size(); i++) {
        Panels panels = i == 0 ? plan.grid().rows() : plan.grid().columns();
        samples.add(index(tables.get(i), sorted.get(i), panels, i == 0 ? "samples" : "samples2"));
      }
      watch.lap("index");
      tiles(plan, samples);
    }

    /**
     * The plan, once every executor has taken what it needs; with panels of half the bytes where
     * that failed, until it fits. From here on nothing changes any more.
     */
    private GramRunPlan rehearsed(List<Long> counts) {
      long panel = configuration.get(Settings.PANEL_MIB);
      long cache = configuration.get(Settings.CACHE_MIB);
      while (true) {
        GramRunPlan plan = plan(network, counts, panel, cache);
        try {
          int tasks = (int) Math.min(slots, plan.grid().count());
          Rehearsal.run(
              spark, kernelSpec(plan), modelBytes, tasks, plan.tileRows(), plan.tileColumns());
          return plan;
        } catch (Exception e) { // Spark throws checked exceptions that it does not declare
          boolean fixed = configuration.find(Settings.TILE).isPresent();
          if (panel / 2 < LEAST_PANEL_MIB || fixed || !Rehearsal.outOfMemory(e)) {
            throw e;
          }
          panel /= 2;
          cache = Math.min(cache, panel);
          console
              .err()
              .println(
                  "note: an executor has less memory than planned with; trying panels of "
                      + panel
                      + " MiB");
        }
      }
    }

    private Samples index(InputTable table, SortedSamples sorted, Panels panels, String folder) {
      PanelWriter.Form form =
          new PanelWriter.Form(
              table.idType(), table.labelType(), configuration.get(Settings.DTYPE));
      return new IndexStage(panels, output.child(folder), form, hadoop).run(sorted);
    }

    private void tiles(GramRunPlan plan, List<Samples> samples) throws IOException {
      String hash = resultHash(plan, samples);
      List<ReportAxis> axes = axes(plan.grid(), samples);
      TileStage.Shared shared =
          new TileStage.Shared(
              modelBytes, spark.broadcast(axes.get(0)), spark.broadcast(axes.get(1)), hadoop);
      LongAccumulator done = spark.sc().longAccumulator("tiles");
      Progress progress =
          new Progress(
              console.err(),
              console.terminal(),
              "tiles",
              plan.grid().count(),
              plan.tileFlops(),
              done::value);
      List<TaskReport> reports;
      try {
        reports = new TileStage(job(plan, hash), shared, done).run(spark, slots);
      } finally {
        progress.close();
      }
      watch.lap("tiles");
      KernelSummary summary =
          new KernelSummary(
              axes.get(0),
              axes.get(1),
              reports.stream().flatMap(report -> report.tiles().stream()).toList(),
              plan.grid().symmetric());
      GramManifest manifest =
          new GramManifest(configuration, plan, samples, reports, watch, spark.version(), hash);
      String title = manifest.title();
      output.writeReport(HtmlReport.page(title, summary, manifest.facts()));
      watch.lap("report");
      output.complete(manifest.json());
      console.out().print(manifest.summary(output.path().toString()));
      reports.stream()
          .flatMap(report -> report.advice().stream())
          .distinct()
          .forEach(advice -> console.err().println("note: " + advice));
    }

    private String resultHash(GramRunPlan plan, List<Samples> samples) {
      Map<String, String> more = new TreeMap<>();
      more.put("model-sha256", network.model().sha256());
      more.put("model-output-used", configuration.get(Settings.MODEL_OUTPUT).label());
      more.put("tile-used", Integer.toString(plan.grid().rows().size()));
      more.put("micro-batch-used", Integer.toString(plan.microBatch()));
      more.put("lanes-used", Long.toString(plan.plan().lanes()));
      more.put("methods-used", plan.plan().methods().toString());
      for (int i = 0; i < samples.size(); i++) {
        more.put("input-sha256-" + i, samples.get(i).hash());
      }
      return configuration.resultHash(more);
    }

    private KernelSpec kernelSpec(GramRunPlan plan) {
      return new KernelSpec(
          NetworkSpec.of(configuration).decided(plan.plan()),
          network.model().sha256(),
          configuration.get(Settings.ENGINE),
          plan.precision(),
          plan.microBatch(),
          plan.cacheBytes());
    }

    private TileStage.Job job(GramRunPlan plan, String hash) {
      KernelPlan kernel = plan.plan();
      TileValues.Form form =
          switch (kernel.request().kind()) {
            case TRACE, SUM -> TileValues.Form.SINGLE;
            case PER_OUTPUT -> TileValues.Form.PER_OUTPUT;
            case FULL -> TileValues.Form.FULL;
          };
      Map<String, String> footer = new TreeMap<>();
      footer.put("tangents.configuration", hash);
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
          kernel.passes() > 1 ? TILES_A_PASS : 1,
          plan.mirror(),
          new TileWriter.Form(
              new ArrayList<>(kernel.components()),
              plan.precision(),
              configuration.get(Settings.COMPRESSION),
              footer),
          folders);
    }
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
