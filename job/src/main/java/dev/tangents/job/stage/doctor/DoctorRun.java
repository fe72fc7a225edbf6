package dev.tangents.job.stage.doctor;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Settings;
import dev.tangents.job.doctor.Checks;
import dev.tangents.job.doctor.Diagnosis;
import dev.tangents.job.doctor.Facts;
import dev.tangents.job.doctor.Node;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.session.OpenSession;
import dev.tangents.job.stage.session.Sessions;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.GpuRequest;
import dev.tangents.udfs.executor.LoadedEngine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.package$;
import scala.Tuple2;

/** {@code tangents doctor}: gathers facts on driver and executors, and tells what checks find. */
public final class DoctorRun {
  private final Configuration configuration;
  private final Console console;
  private final String output;
  private final EngineName engine;

  /** A run as configured, which talks to {@code console}. */
  public DoctorRun(Configuration configuration, Console console) {
    this.configuration = configuration;
    this.console = console;
    this.output = configuration.find(Settings.OUTPUT).orElse("");
    this.engine = configuration.get(Settings.ENGINE);
  }

  /**
   * Runs.
   *
   * @throws TangentsException of category SETUP if a check finds a fault
   */
  public void run() {
    SparkConf conf = Sessions.conf("doctor", configuration);
    // Executors that come a little late are asked too.
    conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    Diagnosis diagnosis = new Diagnosis(Checks.all(), facts(conf));
    console.out().print(configuration.get(Settings.JSON) ? diagnosis.json() : diagnosis.text());
    console.out().flush();
    if (diagnosis.faults() > 0) {
      throw TangentsException.setup("doctor: %s", diagnosis.summary());
    }
  }

  private Facts facts(SparkConf conf) {
    Map<String, String> properties = new TreeMap<>();
    for (Tuple2<String, String> pair : conf.getAll()) {
      properties.put(pair._1(), pair._2());
    }
    Node driver = driver(Facts.isLocal(conf.get("spark.master")));
    Facts begun =
        new Facts(package$.MODULE$.SPARK_VERSION(), properties, 1, driver, List.of(), "", output);
    if (output.isEmpty()) {
      return asked(begun, conf, Optional.empty());
    }
    org.apache.hadoop.conf.Configuration hadoop = HadoopFiles.of(conf).configuration();
    try (OutputProbe probe = OutputProbe.open(hadoop, output)) {
      String found = OutputProbe.look(hadoop, probe.folder(), Node.DRIVER);
      return asked(begun.with(begun.driver().with(found)), conf, Optional.of(probe.folder()));
    } catch (IOException | IllegalArgumentException e) {
      return asked(begun.with(begun.driver().with(e.toString())), conf, Optional.empty());
    }
  }

  /** A driver that does not compute needs no GPU. */
  private Node driver(boolean computes) {
    EngineName loaded = engine.onGpu() && !computes ? EngineName.ND4J : engine;
    GpuRequest gpu =
        GpuRequest.of(Node.DRIVER, configuration.find(GpuSettings.GPU).stream().toList());
    Optional<GpuRequest> asked = loaded.onGpu() ? Optional.of(gpu) : Optional.empty();
    return NodeProbe.look(Node.DRIVER, () -> LoadedEngine.of(loaded, gpu), asked, "");
  }

  /** The facts with those of executors. */
  private static Facts asked(Facts begun, SparkConf conf, Optional<String> folder) {
    if (Checks.wouldHang(begun)) {
      return begun;
    }
    try (OpenSession session = OpenSession.start(conf)) {
      JavaSparkContext spark = new JavaSparkContext(session.spark().sparkContext());
      ExecutorSurvey survey = new ExecutorSurvey(spark, begun.asksForGpus(), folder);
      List<Node> executors = survey.ask();
      return begun.with(
          Sessions.tasksPerJvm(spark), begun.isLocal() ? List.of() : executors, survey.trouble());
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      return begun.with(1, List.of(), "Spark does not start: " + why);
    }
  }
}
