package dev.tangents.it.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.launcher.JavaModuleOptions;

/** A Spark without an installation: its jars as Maven resolved them, in a folder {@code jars}. */
final class Spark {
  /** The jar of the program, where every process of this machine reads it. */
  static final String JAR = "local:" + Path.of(System.getProperty("tangents.jar"));

  static final Path ROOT = Path.of(System.getProperty("tangents.root"));
  private static final Path HOME = Path.of(System.getProperty("tangents.spark.home"));

  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  /** Processes that last for seconds: cheap to start, on few cores. */
  private static final List<String> BRIEF =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-Xshare:auto",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  /** Heap of an executor. */
  static final int HEAP_MIB = 1024;

  /** Bound of an executor's arrays outside of the heap. */
  static final int NATIVE_MIB = 512;

  private static final int DRIVER_MIB = 1024;

  private Spark() {}

  /** Whether it is of a version. */
  static boolean isOf(String version) {
    return Files.exists(HOME.resolve("jars").resolve("spark-core_2.13-" + version + ".jar"));
  }

  /** One of Spark's own classes in a JVM of its own, with a heap of so many MiB. */
  static Jvm start(Path folder, String name, int heapMib, String mainClass, List<String> arguments)
      throws IOException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("SPARK_HOME", HOME.toString());
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    // Without it Spark looks for its own source tree.
    environment.put("SPARK_SCALA_VERSION", "2.13");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(BRIEF);
    command.add("-Xmx" + heapMib + "m");
    if (mainClass.equals(SUBMIT)) {
      // As bin/spark-submit does.
      command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" +")));
      command.add("-Dlog4j2.configurationFile=" + ROOT.resolve("conf/log4j2.properties"));
    }
    command.addAll(List.of("-cp", HOME.resolve("jars") + File.separator + "*", mainClass));
    command.addAll(arguments);
    return Jvm.start(folder.resolve(name + ".log"), environment, command);
  }

  /** The program without a cluster, in one JVM of two task slots. */
  static Jvm submit(Path folder, List<String> arguments) throws IOException {
    return submit(folder, "local[2]", Program.job(JAR, arguments), Map.of());
  }

  /**
   * spark-submit in client mode: the JVM is the driver.
   *
   * @param folder for the driver's log
   * @param properties of Spark, beside those that keep it small
   */
  static Jvm submit(Path folder, String master, Program program, Map<String, String> properties)
      throws IOException {
    Map<String, String> all = new TreeMap<>();
    all.put("spark.ui.enabled", "false");
    all.put("spark.driver.host", "127.0.0.1");
    all.put("spark.driver.bindAddress", "127.0.0.1");
    all.put("spark.executor.cores", "1");
    all.put("spark.executor.memory", HEAP_MIB + "m");
    all.put(
        "spark.executor.extraJavaOptions",
        String.join(" ", BRIEF)
            + (" -Dorg.bytedeco.javacpp.maxbytes=" + NATIVE_MIB + "m")
            + " -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.nd4j.log.initialization=false");
    all.putAll(properties);
    List<String> command = new ArrayList<>(List.of("--master", master));
    all.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--class", program.mainClass(), program.jar()));
    command.addAll(program.arguments());
    return start(folder, "driver-" + System.nanoTime(), DRIVER_MIB, SUBMIT, command);
  }
}
