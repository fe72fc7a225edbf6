package dev.tangents.job.stage.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.RowSettings;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.input.InputTable;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.input.SampleOrder;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.io.output.RunLock;
import dev.tangents.job.io.rows.RowsWriter;
import dev.tangents.job.plan.ConfiguredModel;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Progress;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.rows.RowPlan;
import dev.tangents.job.rows.RowTask;
import dev.tangents.job.stage.sample.Samples;
import dev.tangents.job.stage.sample.SortedSamples;
import dev.tangents.job.stage.session.ComputeSlots;
import dev.tangents.job.stage.session.Interruption;
import dev.tangents.job.stage.session.Rehearsal;
import dev.tangents.job.stage.session.Sessions;
import dev.tangents.rows.Part;
import dev.tangents.rows.Quantity;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.DirectionFile;
import dev.tangents.udfs.executor.RowSpec;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.sample.SampleForms;
import dev.tangents.udfs.sample.VectorForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** A {@link RowsRun} from the moment that Spark and the model are there. */
final class RowsJob {
  private final Asked asked;
  private final RowTask task;
  private final Configuration configuration;
  private final JavaSparkContext spark;
  private final ModelSpec.Loaded network;
  private final Broadcast<Map<String, byte[]>> model;
  private final String directionHash;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final OutputFolder output;

  /**
   * What is to be done and who is told.
   *
   * @param configuration what was asked for
   * @param task the same, understood
   * @param console where the run talks to people
   * @param watch times
   */
  record Asked(Configuration configuration, RowTask task, Console console, Stopwatch watch) {}

  /** Checks the output folder and the direction, and sends the model to the executors. */
  RowsJob(
      Asked asked, SparkSession session, ModelSpec.Loaded network, Map<String, byte[]> modelFiles) {
    this.asked = asked;
    this.task = asked.task();
    this.configuration = asked.configuration();
    this.spark = new JavaSparkContext(session.sparkContext());
    this.network = network;
    this.hadoop =
        spark.broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
    if (configuration.get(Settings.IF_EXISTS) == IfExists.RESUME) {
      throw TangentsException.user(
          "if-exists: resume is for gram, whose tiles are kept one by one; expected fail or overwrite");
    }
    List<String> inputs = new ArrayList<>(List.of(configuration.get(Settings.INPUT)));
    task.direction().ifPresent(inputs::add);
    this.output =
        OutputFolder.check(
            hadoop.value().value(),
            configuration.get(Settings.OUTPUT),
            configuration.get(Settings.IF_EXISTS),
            inputs);
    // Whatever of the plan does not depend on N fails before a row is read.
    List<String> parameters = RowPlan.of(configuration, network, task, 1).parameters();
    Map<String, byte[]> direction =
        task.direction()
            .map(path -> ParameterDirection.read(session, path, network.graph(), parameters))
            .orElse(Map.of());
    this.directionHash = DirectionFile.hash(direction);
    Map<String, byte[]> files = new TreeMap<>(modelFiles);
    files.putAll(direction);
    this.model = spark.broadcast(files);
  }

  /** Reads, computes, writes, and says what was done. */
  void run(InputTable table) throws IOException {
    String input = configuration.get(Settings.INPUT);
    long limit = configuration.find(Settings.LIMIT).orElse(-1L);
    SortedSamples sorted =
        SortedSamples.of(
            table.places(),
            samples(table),
            input,
            spark.defaultParallelism(),
            limit,
            task.columns().keySet().stream().map(SampleForms::flag).toList());
    asked.watch().lap("read");
    RowPlan plan = rehearsed(sorted);
    asked.watch().lap("prepare");
    Interruption interruption = new Interruption(spark, output.path());
    RunLock lock = output.lock(interruption);
    try {
      compute(table, sorted, plan);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      interruption.requireNone(e);
      throw e;
    } finally {
      lock.close();
    }
  }

  private void compute(InputTable table, SortedSamples sorted, RowPlan plan) throws IOException {
    output.clear();
    String hash = resultHash(plan);
    List<RowsStage.Target> targets = targets(plan, table, hash);
    List<RowsReport> reports = compute(plan, sorted, targets);
    asked.watch().lap("compute");
    long sumBytes = sums(plan, targets, reports);
    asked.watch().lap("sum");
    Samples samples =
        Samples.of(plan.panels(), reports.stream().map(RowsReport::hash).toList(), List.of());
    RowsManifest manifest =
        new RowsManifest(
            configuration, task, plan, samples, reports, sumBytes, asked.watch(), hash);
    output.complete(manifest.json(spark.version()));
    asked.console().out().print(manifest.summary(output.path().toString()));
    reports.stream()
        .flatMap(report -> report.advice().stream())
        .distinct()
        .forEach(advice -> asked.console().err().println("note: " + advice));
  }

  private JavaPairRDD<SampleOrder.Key, Sample> samples(InputTable table) {
    int features = network.graph().inputs().get(0).type().shape().intSize();
    int outputs = network.graph().outputTypes().get(0).shape().intSize();
    List<VectorForm> forms = new ArrayList<>();
    for (SampleInput content : task.columns().keySet()) {
      forms.add(
          content == SampleInput.TARGET
              ? SampleForms.target(
                  task.loss().orElseThrow().kind(),
                  table.isNumber(SampleForms.flag(content)),
                  classes(outputs))
              : SampleForms.of(content, features, outputs));
    }
    return table.samples(forms);
  }

  private List<Integer> classes(int outputs) {
    List<Integer> selected = ConfiguredModel.of(configuration).selectedOutputs();
    return selected.isEmpty() ? IntStream.range(0, outputs).boxed().toList() : selected;
  }

  /**
   * The plan, once every executor has allocated what it needs; with half the memory where that
   * failed, until it fits. From here on nothing changes any more.
   */
  private RowPlan rehearsed(SortedSamples sorted) {
    long samples = sorted.count();
    long memory = configuration.get(RowSettings.MEMORY);
    RowPlan plan = RowPlan.of(configuration, network, task, samples, memory);
    while (true) {
      asked.watch().lap("prepare");
      sorted.check(plan.panels(), Panels.NONE);
      asked.watch().lap("read");
      try {
        int tasks = Math.min(spark.defaultParallelism(), plan.panels().count());
        int beside = ComputeSlots.perJvm(spark);
        Rehearsal.run(spark, spec(plan), model, tasks, worker -> worker.rehearse(beside));
        return plan;
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        Optional<RowPlan> smaller =
            Rehearsal.outOfMemory(e) ? smaller(samples, memory / 2) : Optional.empty();
        if (smaller.isEmpty()) {
          throw e;
        }
        memory /= 2;
        plan = smaller.get();
        asked
            .console()
            .err()
            .println(
                "note: an executor has less memory than planned with; trying " + memory + " MiB");
      }
    }
  }

  private Optional<RowPlan> smaller(long samples, long memory) {
    try {
      return Optional.of(RowPlan.of(configuration, network, task, samples, memory));
    } catch (TangentsException e) {
      return Optional.empty(); // not even one lane of one sample
    }
  }

  private RowSpec spec(RowPlan plan) {
    return new RowSpec(
        ConfiguredModel.of(configuration),
        plan.parameters(),
        plan.requests(),
        plan.model().sha256(),
        directionHash,
        configuration.get(Settings.ENGINE),
        plan.precision(),
        plan.size(),
        0);
  }

  private List<RowsStage.Target> targets(RowPlan plan, InputTable table, String hash) {
    Map<String, String> footer = new TreeMap<>(Map.of("tangents.configuration", hash));
    List<RowsStage.Target> targets = new ArrayList<>();
    for (int i = 0; i < plan.requests().size(); i++) {
      Quantity quantity = plan.requests().get(i).quantity();
      RowsWriter.Form form =
          new RowsWriter.Form(
              table.idType(),
              quantity.byOutput(),
              quantity != Quantity.PROJECTED_JACOBIAN,
              plan.pass().graphs().get(i).parts(),
              plan.precision(),
              footer);
      String folder = quantity.summed() ? OutputFolder.partial(quantity) : task.folder(quantity);
      targets.add(new RowsStage.Target(output.child(folder).toString(), form, quantity.summed()));
    }
    return targets;
  }

  private List<RowsReport> compute(
      RowPlan plan, SortedSamples sorted, List<RowsStage.Target> targets) {
    LongAccumulator done = spark.sc().longAccumulator("panels");
    Progress progress =
        new Progress(
            asked.console().err(),
            asked.console().terminal(),
            "panels",
            plan.panels().count(),
            plan.flops(),
            done::value,
            () -> Sessions.executors(spark));
    try {
      List<SampleInput> columns = List.copyOf(task.columns().keySet());
      RowsStage.Job job =
          new RowsStage.Job(spec(plan), plan.panels(), plan.fileSamples(), targets, columns);
      return new RowsStage(job, model, hadoop, done).run(sorted);
    } finally {
      progress.close();
    }
  }

  private long sums(RowPlan plan, List<RowsStage.Target> targets, List<RowsReport> reports)
      throws IOException {
    long bytes = 0;
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).summed()) {
        Quantity quantity = plan.requests().get(i).quantity();
        Map<String, String> footer = targets.get(i).form().by(reports.get(0).engine()).footer();
        SumStage.Job job =
            new SumStage.Job(
                targets.get(i).folder(),
                output.child(task.folder(quantity)).toString(),
                plan.pass().graphs().get(i).parts().stream().filter(Part::summed).toList(),
                plan.panels(),
                plan.precision(),
                footer);
        bytes += new SumStage(job, hadoop).run(spark);
        output.removePartial(quantity);
      }
    }
    return bytes;
  }

  private String resultHash(RowPlan plan) {
    Map<String, String> more = new TreeMap<>();
    more.put("command", task.command().command());
    more.put("model-sha256", plan.model().sha256());
    more.put("direction-sha256", directionHash);
    more.put("model-output-used", configuration.get(Settings.MODEL_OUTPUT).label());
    more.put("method-used", plan.methods().toString());
    more.put("size-used", plan.size().toString());
    more.put("tile-used", plan.panels().size() + " in files of " + plan.fileSamples());
    return configuration.resultHash(more);
  }
}
