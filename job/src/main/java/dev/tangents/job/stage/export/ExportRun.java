package dev.tangents.job.stage.export;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ExportSettings;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.export.NpyFile;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.report.Console;
import dev.tangents.job.report.Stopwatch;
import dev.tangents.job.stage.session.ManifestParts;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Sessions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** One run of {@code tangents export}: a complete kernel in another form. */
public final class ExportRun {
  /** One part in so many of the heap is for rows that are put together; the rest for pages. */
  private static final int HEAP_SHARE = 4;

  private final Configuration configuration;
  private final Console console;
  private final Stopwatch watch = new Stopwatch();

  /** A run as configured, which talks to {@code console}. */
  public ExportRun(Configuration configuration, Console console) {
    this.configuration = configuration;
    this.console = console;
  }

  /**
   * Runs.
   *
   * @throws TangentsException for anything that a message explains
   */
  public void run() {
    String to = configuration.get(ExportSettings.TO);
    try {
      switch (configuration.get(ExportSettings.FORMAT)) {
        case NPY -> npy(to);
        case ROWS -> rows(to);
      }
    } catch (IOException e) {
      throw TangentsException.resource(
              "export: %s: %s. Check that %s and %s can be read and written, and the free space",
              to, e.getMessage(), configuration.get(Settings.OUTPUT), to)
          .causedBy(e);
    }
  }

  private KernelFolder kernel(org.apache.hadoop.conf.Configuration hadoop) throws IOException {
    KernelFolder kernel = KernelFolder.open(hadoop, configuration.get(Settings.OUTPUT));
    Optional<String> component = configuration.find(ExportSettings.COMPONENT);
    return component.isPresent() ? kernel.only(component.get()) : kernel;
  }

  private void npy(String to) throws IOException {
    org.apache.hadoop.conf.Configuration hadoop = HadoopFiles.of(new SparkConf()).configuration();
    KernelFolder kernel = kernel(hadoop);
    NpyFile file = new NpyFile(hadoop, kernel, to, configuration.get(Settings.IF_EXISTS));
    long bytes = file.write(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    done("Array " + file.shape() + " of " + kernel.folder(), to, bytes);
  }

  private void rows(String to) throws IOException {
    try (OpenSession opened = OpenSession.start(Sessions.conf("export", configuration))) {
      SparkSession session = opened.spark();
      JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
      org.apache.hadoop.conf.Configuration hadoop = session.sessionState().newHadoopConf();
      KernelFolder kernel = kernel(hadoop);
      OutputFolder output =
          OutputFolder.check(
              hadoop,
              ExportSettings.TO.key(),
              to,
              configuration.get(Settings.IF_EXISTS),
              List.of(kernel.folder()));
      output.clear();
      ExportStage stage =
          new ExportStage(
              kernel,
              output.child("data").toString(),
              configuration.get(Settings.COMPRESSION),
              HEAP_SHARE * Sessions.tasksPerJvm(spark),
              spark.broadcast(new SerializableConfiguration(hadoop)));
      long bytes = stage.run(spark);
      output.complete(ManifestParts.json(facts(kernel, bytes, spark.version())));
      done("Rows of " + kernel.folder(), to, bytes);
    }
  }

  private Map<String, Object> facts(KernelFolder kernel, long bytes, String spark) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", "complete");
    facts.put("command", "export");
    facts.put("kernel", kernel.folder());
    facts.put("configuration-hash", kernel.runs().last());
    facts.put("configuration", ManifestParts.configured(configuration));
    facts.put("N", kernel.rows().samples());
    facts.put("M", kernel.columns().samples());
    facts.put("versions", ManifestParts.versions(spark));
    facts.put("seconds", watch.all());
    facts.put("bytes", bytes);
    return facts;
  }

  private void done(String what, String where, long bytes) {
    double seconds = ((Number) watch.all().get("total")).doubleValue();
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s%n  %s%n  %s in %s%n",
            what,
            where,
            Amounts.bytes(bytes),
            Amounts.seconds(seconds));
  }
}
