package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelSource;
import dev.tangents.ir.Shape;
import dev.tangents.job.cli.Console;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.HadoopFiles;
import dev.tangents.job.io.InputTable;
import dev.tangents.job.io.OutputFolder;
import dev.tangents.job.io.RowsWriter;
import dev.tangents.job.io.Sample;
import dev.tangents.job.io.SampleOrder;
import dev.tangents.job.plan.ModelSpec;
import dev.tangents.job.report.Progress;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.rows.Direction;
import dev.tangents.job.rows.RowKind;
import dev.tangents.job.rows.RowPlan;
import dev.tangents.job.rows.RowRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One run of a command that writes records of each sample, from configuration to {@code _SUCCESS}.
 * Everything that can be checked is checked before the output folder is touched.
 */
public final class RowsRun {
  private final RowRequest request;
  private final Configuration configuration;
  private final Console console;
  private final Stopwatch watch = new Stopwatch();

  /**
   * A run as configured, which talks to {@code console}.
   *
   * @throws TangentsException of category USER for settings that do not go together
   */
  public RowsRun(RowKind kind, Configuration configuration, Console console) {
    this.request = RowRequest.of(kind, configuration);
    this.configuration = configuration;
    this.console = console;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    boolean dry = configuration.get(Settings.DRY_RUN);
    String input = configuration.get(Settings.INPUT);
    if (!dry) {
      configuration.get(Settings.OUTPUT);
    }
    ModelSpec spec = ModelSpec.of(configuration);
    SparkConf conf = Sessions.conf(request.kind().command(), configuration);
    HadoopFiles files = HadoopFiles.of(conf);
    ModelFiles model = new ModelFiles();
    // Importing and starting Spark each take seconds and do not need each other.
    Background<ModelSpec.Loaded> loading =
        new Background<>("tangents-model", () -> load(spec, model, files));
    try (SparkSession spark = Sessions.open(conf)) {
      ModelSpec.Loaded network = loading.join();
      watch.lap("start");
      Optional<String> column =
          request.directions().stream()
              .filter(Direction::perSample)
              .map(Direction::column)
              .findFirst();
      InputTable table = InputTable.open(spark, input, Tables.spec(configuration, column));
      if (dry) {
        long limit = configuration.find(Settings.LIMIT).orElse(Long.MAX_VALUE);
        console.out().print(plan(network, Math.min(limit, table.count())).text());
        return;
      }
      new Started(spark, network, model).run(table, input);
    } catch (IOException e) {
      throw TangentsException.resource(
              "output: %s: %s. Check free space and permissions",
              configuration.get(Settings.OUTPUT), e.getMessage())
          .causedBy(e);
    }
  }

  private ModelSpec.Loaded load(ModelSpec spec, ModelFiles kept, HadoopFiles files) {
    Function<String, ModelSource> open = kept.recording(files::model, ImportOptions.MAX_BYTES);
    ModelSpec.Loaded network = spec.load(open);
    if (configuration.get(Settings.VERIFY_MODEL)) {
      ModelCheck.run(spec, network.model(), open);
    }
    return network;
  }

  private RowPlan plan(ModelSpec.Loaded network, long samples) {
    return RowPlan.of(configuration, network, request, samples);
  }

  /** The run from the moment that Spark and the model are there. */
  private final class Started {
    private final JavaSparkContext spark;
    private final ModelSpec.Loaded network;
    private final ModelFiles model;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final OutputFolder output;

    Started(SparkSession session, ModelSpec.Loaded network, ModelFiles model) {
      this.spark = new JavaSparkContext(session.sparkContext());
      this.network = network;
      this.model = model;
      this.hadoop =
          spark.broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
      this.output =
          OutputFolder.check(
              hadoop.value().value(),
              configuration.get(Settings.OUTPUT),
              configuration.get(Settings.IF_EXISTS),
              List.of(configuration.get(Settings.INPUT)));
    }

    void run(InputTable table, String input) throws IOException {
      // Whatever of the plan does not depend on N fails before a row is read.
      plan(network, 1);
      long limit = configuration.find(Settings.LIMIT).orElse(-1L);
      SortedSamples sorted =
          SortedSamples.of(samples(table), input, spark.defaultParallelism(), limit);
      RowPlan plan = plan(network, sorted.count());
      watch.lap("read");
      output.clear();
      String hash = resultHash(plan);
      List<RowsReport> reports = compute(plan, sorted, table, hash);
      watch.lap("compute");
      Samples samples =
          new Samples(
              plan.panels(),
              SampleDigest.ofPanels(reports.stream().map(RowsReport::hash).toList()),
              List.of());
      RowsManifest manifest = new RowsManifest(configuration, plan, samples, reports, watch, hash);
      output.complete(manifest.json(spark.version()));
      console.out().print(manifest.summary(output.path().toString()));
      reports.stream()
          .flatMap(report -> report.advice().stream())
          .distinct()
          .forEach(advice -> console.err().println("note: " + advice));
    }

    private JavaPairRDD<SampleOrder.Key, Sample> samples(InputTable table) {
      int width = Math.toIntExact(network.model().inputWidth());
      if (!request.directed()) {
        return table.samples(width);
      }
      Shape outputs = network.graph().outputTypes().get(0).shape();
      int length = request.kind() == RowKind.JVP ? width : outputs.intSize();
      return table.samples(width, request.directions().get(0).flag() + " number", length);
    }

    private List<RowsReport> compute(
        RowPlan plan, SortedSamples sorted, InputTable table, String hash) {
      LongAccumulator done = spark.sc().longAccumulator("files");
      RowSpec spec =
          new RowSpec(
              ModelSpec.of(configuration),
              plan.request(),
              plan.model().sha256(),
              configuration.get(Settings.ENGINE),
              plan.precision(),
              plan.size());
      RowsWriter.Form form =
          new RowsWriter.Form(
              table.idType(),
              plan.request().byOutput(),
              !plan.rows().parts().get(0).parameter().isEmpty(),
              plan.precision(),
              new TreeMap<>(Map.of("tangents.configuration", hash)));
      RowsStage.Job job =
          new RowsStage.Job(spec, plan.panels(), form, output.child("data").toString());
      Progress progress =
          new Progress(
              console.err(),
              console.terminal(),
              "files",
              plan.panels().count(),
              plan.flops(),
              done::value);
      try {
        return new RowsStage(job, spark.broadcast(model.bytes()), hadoop, done).run(sorted);
      } finally {
        progress.close();
      }
    }

    private String resultHash(RowPlan plan) {
      Map<String, String> more = new TreeMap<>();
      more.put("command", request.kind().command());
      more.put("model-sha256", plan.model().sha256());
      more.put("model-output-used", configuration.get(Settings.MODEL_OUTPUT).label());
      more.put("method-used", plan.method());
      more.put("size-used", plan.size().toString());
      more.put("tile-used", Integer.toString(plan.panels().size()));
      return configuration.resultHash(more);
    }
  }
}
