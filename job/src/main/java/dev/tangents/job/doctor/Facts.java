package dev.tangents.job.doctor;

import dev.tangents.job.config.Settings;
import dev.tangents.job.config.SparkLayer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that checks judge.
 *
 * @param spark Spark's version
 * @param conf Spark's properties
 * @param tasksPerJvm how many tasks run beside each other in one JVM
 * @param driver the JVM of the program
 * @param executors the others; none where the driver computes
 * @param trouble why executors were not or not all asked; empty if they were
 * @param output the output that was asked about; empty if none
 */
public record Facts(
    String spark,
    Map<String, String> conf,
    int tasksPerJvm,
    Node driver,
    List<Node> executors,
    String trouble,
    String output) {
  /** Copies list and map. */
  public Facts {
    conf = Map.copyOf(conf);
    executors = List.copyOf(executors);
  }

  /** These facts with another driver. */
  public Facts with(Node other) {
    return new Facts(spark, conf, tasksPerJvm, other, executors, trouble, output);
  }

  /** These facts with what Spark told. */
  public Facts with(int beside, List<Node> others, String why) {
    return new Facts(spark, conf, beside, driver, others, why, output);
  }

  /** All JVMs, the driver first. */
  public List<Node> nodes() {
    return Stream.concat(Stream.of(driver), executors.stream()).toList();
  }

  /** The JVMs that compute. */
  public List<Node> workers() {
    return isLocal() ? List.of(driver) : executors;
  }

  /** Where Spark runs. */
  public String master() {
    return find("spark.master").orElse("local[*]");
  }

  /** Whether the driver computes. */
  public boolean isLocal() {
    return isLocal(master());
  }

  /** Whether with this master the driver computes. */
  public static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  /** Whether executors live in containers that end when they take more memory than was granted. */
  public boolean hasContainers() {
    return master().startsWith("yarn") || master().startsWith("k8s");
  }

  /** A property of Spark, as text. */
  public Optional<String> find(String key) {
    return Optional.ofNullable(conf.get(key)).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Whether a property is true. */
  public boolean isTrue(String key) {
    return find(key).filter(text -> text.equalsIgnoreCase("true")).isPresent();
  }

  /** Processors that Spark counts for a task. */
  public int taskCpus() {
    return find("spark.task.cpus").map(Integer::parseInt).orElse(1);
  }

  /** Keys of GPUs that are set. */
  public List<String> gpuKeys() {
    return conf.keySet().stream().filter(Facts::isGpuKey).sorted().toList();
  }

  /** The engine, where it is one for GPUs. */
  public Optional<String> gpuEngine() {
    return find(SparkLayer.PREFIX + Settings.ENGINE.key())
        .filter(name -> Settings.ENGINE.parse(name, "Spark property").onGpu());
  }

  /** Whether GPUs are asked for, of Spark or by the engine. */
  public boolean asksForGpus() {
    return gpuEngine().isPresent() || !gpuKeys().isEmpty();
  }

  /** Whether a property makes Spark schedule by GPUs. */
  public static boolean isGpuKey(String key) {
    return key.matches("spark\\.(executor|task)\\.resource\\.gpu\\..*");
  }

  /** Where the option of a JVM is set, for a cure. */
  public String javaOptionsKey(Node node) {
    return node.drives()
        ? "spark.driver.extraJavaOptions (or TANGENTS_JAVA_OPTS of the launcher)"
        : "spark.executor.extraJavaOptions";
  }
}
