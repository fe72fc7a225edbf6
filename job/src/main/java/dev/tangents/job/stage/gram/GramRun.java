package dev.tangents.job.stage.gram;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Model;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.input.InputTable;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.TilePrecision;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.stage.sample.KnownSamples;
import dev.tangents.job.stage.sample.Side;
import dev.tangents.job.stage.sample.Tables;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Opening;
import dev.tangents.op.nn.Heads;
import dev.tangents.udfs.model.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * One run of {@code tangents gram}, from configuration to {@code _SUCCESS}. Everything that can be
 * checked is checked before the output folder is touched.
 */
public final class GramRun {
  private final Configuration configuration;
  private final Console console;
  private final Function<SparkConf, OpenSession> sessions;
  private final Stopwatch watch = new Stopwatch();

  /** A run as configured, which talks to {@code console}. */
  public GramRun(Configuration configuration, Console console) {
    this(configuration, console, OpenSession::start);
  }

  /**
   * The same.
   *
   * @param sessions starts or lends the session
   */
  public GramRun(
      Configuration configuration, Console console, Function<SparkConf, OpenSession> sessions) {
    this.configuration = configuration;
    this.console = console;
    this.sessions = sessions;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    boolean reduced = TilePrecision.of(configuration).reduced();
    if (!reduced && configuration.find(GpuSettings.MAX_ERROR).isPresent()) {
      console.err().println("note: --max-error bounds a reduced --precision; this run is strict");
    }
    NetworkSpec spec = NetworkSpec.of(configuration);
    configuration.get(Settings.INPUT);
    new Opening("gram", configuration, console, watch, sessions).run(spec.model(), spec, this::run);
  }

  private void run(SparkSession spark, NetworkSpec.Network network, ModelFiles files)
      throws IOException {
    warnOfProbabilities(network.model());
    List<Side> sides = new ArrayList<>();
    for (String path : GramJob.inputs(configuration)) {
      InputTable table =
          InputTable.open(spark, path, Tables.spec(configuration), network.model().inputs());
      sides.add(Side.of(spark, path, table, KnownSamples.NONE));
    }
    if (configuration.get(Settings.DRY_RUN)) {
      plan(spark, network, sides);
      return;
    }
    OutputFolder output = output(spark);
    Ledger ledger = new GramLedger(output, configuration.get(Settings.IF_EXISTS));
    GramJob.Target target = new GramJob.Target(output, KernelBase.NONE, ledger);
    GramJob.Asked asked = new GramJob.Asked(configuration, console, watch);
    new GramJob(asked, spark, network, files, target).run(sides);
  }

  /** Files of classifiers end in their softmax, and kernels are wanted of what goes into it. */
  private void warnOfProbabilities(Model model) {
    if (configuration.isDefault(Settings.MODEL_OUTPUT) && Heads.isSoftmax(model.graph())) {
      console
          .err()
          .println(
              "note: the model ends in a softmax, so this is the kernel of its probabilities. --model-output logits"
                  + " takes what goes into the softmax; --model-output output says that probabilities are meant");
    }
  }

  private void plan(SparkSession spark, NetworkSpec.Network network, List<Side> sides)
      throws IOException {
    long limit = configuration.find(Settings.LIMIT).orElse(Long.MAX_VALUE);
    List<Long> counts = sides.stream().map(side -> Math.min(limit, side.count())).toList();
    ResumePlan.Found found =
        configuration.get(Settings.IF_EXISTS) == IfExists.RESUME
            ? new ResumePlan(
                    configuration, new JavaSparkContext(spark.sparkContext()), network, counts)
                .of(output(spark))
            : new ResumePlan.Found(
                GramRunPlan.of(configuration, network, counts), Optional.empty());
    console.out().print(Planned.text(configuration, found.plan(), spark, found.there()));
  }

  private OutputFolder output(SparkSession spark) {
    return OutputFolder.check(
        spark.sessionState().newHadoopConf(),
        configuration.get(Settings.OUTPUT),
        configuration.get(Settings.IF_EXISTS),
        GramJob.inputs(configuration));
  }
}
