package dev.tangents.job.stage.append;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.io.input.InputTable;
import dev.tangents.job.io.output.AppendState;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.stage.gram.EarlierRun;
import dev.tangents.job.stage.gram.GramJob;
import dev.tangents.job.stage.gram.KernelBase;
import dev.tangents.job.stage.gram.Ledger;
import dev.tangents.job.stage.gram.Planned;
import dev.tangents.job.stage.sample.Side;
import dev.tangents.job.stage.sample.Tables;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Opening;
import dev.tangents.job.stage.session.Watched;
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
 * One run of {@code tangents append}: samples are added to a complete kernel. Their indexes follow
 * those that are there, and only tiles of new rows or columns are computed, as the first run would
 * have computed them. Without samples, tiles that are damaged or missing are computed again.
 */
public final class AppendRun {
  /** What says which samples are added, and with which model; the rest is the kernel's. */
  public static final List<Setting<?>> CHOICES =
      List.of(
          Settings.INPUT,
          Settings.INPUT2,
          Settings.MODEL,
          Settings.FORMAT,
          Settings.FEATURES,
          Settings.BINARY_TYPE,
          Settings.LABEL,
          Settings.ID,
          Settings.WHERE,
          Settings.LIMIT);

  private final Configuration asked;
  private final Console console;
  private final Function<SparkConf, OpenSession> sessions;
  private final Stopwatch watch = new Stopwatch();

  /** A run as configured, which talks to {@code console}. */
  public AppendRun(Configuration asked, Console console) {
    this(asked, console, OpenSession::start);
  }

  /**
   * The same.
   *
   * @param sessions starts or lends the session
   */
  public AppendRun(
      Configuration asked, Console console, Function<SparkConf, OpenSession> sessions) {
    this.asked = asked;
    this.console = console;
    this.sessions = sessions;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    String folder = asked.get(Settings.OUTPUT);
    requireInputFor(Settings.WHERE, Settings.LIMIT);
    try {
      org.apache.hadoop.conf.Configuration hadoop = HadoopFiles.of(new SparkConf()).configuration();
      KernelManifest manifest = AppendState.of(hadoop, folder).current();
      Configuration configuration = EarlierRun.continued(asked, manifest, folder);
      NetworkSpec spec = NetworkSpec.of(configuration);
      new Opening("append", configuration, console, watch, sessions)
          .run(
              spec.model(),
              EarlierRun.loader(spec, manifest),
              (spark, network, files) -> run(configuration, manifest, spark, network, files));
    } catch (IOException e) {
      throw TangentsException.resource(
              "output: %s: %s. Check that it can be read", folder, e.getMessage())
          .causedBy(e);
    }
  }

  /** What chooses rows needs some: whoever forgot the input must not think that they were added. */
  private void requireInputFor(Setting<?>... choices) {
    if (inputs(asked).stream().anyMatch(Optional::isPresent)) {
      return;
    }
    for (Setting<?> choice : choices) {
      if (!asked.isDefault(choice)) {
        throw TangentsException.user(
            "%s: it chooses rows of an input, and there is none; nothing would be added. Give --input as well, or"
                + " leave --%s out to have damaged and missing tiles computed again",
            choice.key(), choice.key());
      }
    }
  }

  private void run(
      Configuration configuration,
      KernelManifest manifest,
      SparkSession spark,
      NetworkSpec.Network network,
      ModelFiles files)
      throws IOException {
    KernelBase base = KernelBase.of(manifest);
    List<Side> sides = sides(configuration, spark, network, base);
    org.apache.hadoop.conf.Configuration hadoop = spark.sessionState().newHadoopConf();
    String folder = configuration.get(Settings.OUTPUT);
    OutputFolder output =
        OutputFolder.existing(
            hadoop, folder, inputs(configuration).stream().flatMap(Optional::stream).toList());
    Ledger ledger =
        new AppendLedger(
            output,
            AppendState.of(hadoop, folder),
            manifest,
            base,
            configuration,
            AppendText.of(asked));
    GramJob.Target target = new GramJob.Target(output, base, ledger);
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    KernelThere there = new KernelThere(manifest, base, output);
    there.requireTiles(hadoop, console);
    there.requireSamples(new Watched(context, console), hadoop);
    if (configuration.get(Settings.DRY_RUN)) {
      AppendPlan.Found found =
          new AppendPlan(configuration, context, target).of(network, manifest.choices(), sides);
      console
          .out()
          .print(Planned.text(configuration, found.plan(), spark, Optional.of(found.there())));
      return;
    }
    new GramJob(new GramJob.Asked(configuration, console, watch), spark, network, files, target)
        .run(sides);
  }

  private List<Side> sides(
      Configuration configuration,
      SparkSession spark,
      NetworkSpec.Network network,
      KernelBase base) {
    List<Optional<String>> inputs = inputs(configuration);
    if (base.sides().size() == 1 && inputs.get(1).isPresent()) {
      throw TangentsException.user(
          "input2: the kernel is that of one set of samples with itself. Give --input alone");
    }
    List<Side> sides = new ArrayList<>();
    for (int i = 0; i < base.sides().size(); i++) {
      Optional<String> path = inputs.get(i);
      if (path.isPresent()) {
        InputTable table =
            InputTable.open(
                spark, path.get(), Tables.spec(configuration), network.model().inputs());
        sides.add(Side.of(spark, path.get(), table, base.side(i)));
      } else {
        sides.add(Side.unchanged(spark, base.side(i)));
      }
    }
    return sides;
  }

  private static List<Optional<String>> inputs(Configuration configuration) {
    return List.of(configuration.find(Settings.INPUT), configuration.find(Settings.INPUT2));
  }
}
