package dev.tangents.job.stage.verify;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.Checks;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.config.VerifySettings;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.CheckPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.stage.gram.EarlierRun;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Opening;
import dev.tangents.job.stage.session.Sessions;
import dev.tangents.job.stage.session.Watched;
import dev.tangents.kernel.Rates;
import dev.tangents.kernel.Roofline;
import dev.tangents.kernel.check.KernelCheck;
import dev.tangents.udfs.executor.Engines;
import dev.tangents.udfs.model.ModelFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One run of {@code tangents verify}: first every file of a kernel, then K v against J (J^T v) over
 * all samples for a random v.
 */
public final class VerifyRun {
  private final Configuration asked;
  private final Console console;
  private final Stopwatch watch = new Stopwatch();

  /** A run as configured, which talks to {@code console}. */
  public VerifyRun(Configuration asked, Console console) {
    this.asked = asked;
    this.console = console;
  }

  /**
   * Runs.
   *
   * @throws TangentsException of category DATA that lists what is wrong with the kernel
   */
  public void run() {
    String folder = asked.get(Settings.OUTPUT);
    try {
      org.apache.hadoop.conf.Configuration hadoop = HadoopFiles.of(new SparkConf()).configuration();
      KernelManifest manifest = KernelManifest.read(hadoop, folder);
      Configuration configuration = EarlierRun.continued(asked, manifest, folder);
      if (asked.get(VerifySettings.CHECKS) == Checks.FILES) {
        try (OpenSession session = OpenSession.start(Sessions.conf("verify", configuration))) {
          watch.lap("start");
          FileAudit.Found found = files(session.spark(), manifest, folder);
          say(manifest, folder, found, Optional.empty());
        }
        return;
      }
      NetworkSpec spec = NetworkSpec.of(configuration);
      new Opening("verify", configuration, console, watch)
          .run(
              spec.model(),
              EarlierRun.loader(spec, manifest),
              (spark, network, files) -> all(configuration, manifest, spark, network, files));
    } catch (IOException e) {
      throw TangentsException.resource(
              "output: %s: %s. Check that it can be read", folder, e.getMessage())
          .causedBy(e);
    }
  }

  private FileAudit.Found files(SparkSession spark, KernelManifest manifest, String folder)
      throws IOException {
    FileAudit.Found found = new FileAudit(spark, console, manifest, folder).run();
    watch.lap("files");
    return found;
  }

  private void all(
      Configuration configuration,
      KernelManifest manifest,
      SparkSession session,
      NetworkSpec.Network network,
      ModelFiles model)
      throws IOException {
    String folder = configuration.get(Settings.OUTPUT);
    JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
    int slots = spark.defaultParallelism();
    String predicted =
        "K v against J (J^T v): about %s in %s at once"
            .formatted(
                Amounts.seconds(
                    seconds(
                            manifest,
                            network,
                            Engines.rates(
                                configuration.get(Settings.ENGINE),
                                configuration.get(Settings.DTYPE)))
                        / slots),
                Amounts.counted(slots, "task"));
    if (configuration.get(Settings.DRY_RUN)) {
      console.out().println(predicted);
      return;
    }
    FileAudit.Found found = files(session, manifest, folder);
    console.err().println("note: " + predicted);
    ProductsSpec spec =
        new ProductsSpec(
            NetworkSpec.of(configuration).decided(manifest.choices()),
            network.model().sha256(),
            configuration.get(Settings.ENGINE),
            manifest.precision(),
            manifest.choices().microBatch());
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
    ProductsStage.Job job =
        new ProductsStage.Job(spec, found.kernel(), found.probe(), manifest.features());
    Map<Integer, double[]> jacobians = products(spark, job, model, hadoop);
    watch.lap("products");
    Residuals residuals = Residuals.of(found, jacobians, CheckPlan.boundOfKernel(configuration));
    if (!residuals.pass()) {
      throw TangentsException.data(
          "%s: K v and J (J^T v) differ by %.1e of |K| in panel %d of the rows, at most %.1e passes:"
              + " numbers of the kernel are not those of this model and these samples. Run it again with"
              + " --if-exists overwrite; where a network's gradients cancel (a saturated softmax), take"
              + " --model-output logits, --dtype double or a larger --max-residual",
          folder, residuals.worst(), residuals.panel(), residuals.bound());
    }
    say(manifest, folder, found, Optional.of(residuals));
  }

  /** Task time of both passes over all samples, as predicted. */
  private static double seconds(KernelManifest manifest, NetworkSpec.Network network, Rates rates) {
    int batch = manifest.choices().microBatch();
    Roofline roofline = new Roofline(rates, manifest.precision().bytes());
    double samples =
        manifest.sides().stream().mapToDouble(side -> side.bounds().samples()).sum()
            * (manifest.symmetric() ? 2 : 1);
    return KernelCheck.seconds(network.graph(), network.plan().request(), batch, roofline)
        * samples
        / (2 * batch);
  }

  private Map<Integer, double[]> products(
      JavaSparkContext spark,
      ProductsStage.Job job,
      ModelFiles model,
      Broadcast<SerializableConfiguration> hadoop) {
    int panels = job.kernel().rows().panels() + job.kernel().columns().panels();
    return new Watched(spark, console)
        .run(
            "panels",
            (long) panels * job.probe().passes(),
            0,
            done ->
                new ProductsStage(job, spark.broadcast(model.bytes()), hadoop, done)
                    .run(spark, spark.defaultParallelism()));
  }

  private void say(
      KernelManifest manifest,
      String folder,
      FileAudit.Found found,
      Optional<Residuals> residuals) {
    long samples = manifest.sides().get(0).bounds().samples();
    VerifyReport report = new VerifyReport(folder, samples, found, residuals, watch.all());
    console.out().print(asked.get(Settings.JSON) ? report.json() : report.text());
  }
}
