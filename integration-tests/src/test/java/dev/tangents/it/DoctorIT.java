package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.it.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tangents doctor} on a standalone cluster, through the launcher and the packaged jar. */
class DoctorIT {
  @TempDir private static Path folder;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new Cluster(folder, 1, 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void soundSetUpHasNoFault() throws Exception {
    Launcher doctor =
        doctor(
            """
            spark.cores.max 1
            spark.executor.cores 1
            spark.executor.memory 512m
            spark.executor.extraJavaOptions -Dorg.bytedeco.javacpp.maxbytes=512m -Dorg.bytedeco.javacpp.maxphysicalbytes=0
            """,
            "--output",
            folder.resolve("not/there/yet").toUri().toString());
    assertEquals(0, doctor.code(), doctor.printed());
    Map<String, String> lines = lines(doctor.printed());
    assertEquals("ok 1 answered", lines.get("executors"), doctor.printed());
    assertTrue(lines.get("engine").matches("ok driver, executor \\d+: nd4j .* kernels [A-Z]+.*"));
    assertTrue(lines.get("output").contains("can be written, renamed"), doctor.printed());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.filter(path -> path.toString().contains("_tangents-doctor")).count());
    }
  }

  @Test
  void everyFaultOfABrokenSetUpIsNamed() throws Exception {
    Launcher doctor =
        doctor(
            """
            spark.cores.max 2
            spark.executor.cores 1
            spark.executor.memory 512m
            spark.executor.memoryOverhead 512m
            spark.executor.extraJavaOptions -Dorg.bytedeco.javacpp.maxbytes=4g -Dorg.bytedeco.javacpp.platform=linux-none
            spark.executorEnv.OMP_NUM_THREADS 8
            """);
    assertEquals(1, doctor.code(), doctor.printed());
    Map<String, String> lines = lines(doctor.printed());
    String both = "fault executor 0, executor 1: ";
    assertStarts(lines.get("engine"), both + "ND4J: its native library does not load");
    assertStarts(lines.get("threads"), both + "OMP_NUM_THREADS=8");
    assertStarts(
        lines.get("overhead"),
        both + "spark.executor.memoryOverhead grants 512.0 MiB beside the heap; native arrays may");
    assertStarts(lines.get("native limits"), both + "org.bytedeco.javacpp.maxphysicalbytes is ");
    assertTrue(
        doctor.printed().contains("cure: set spark.executorEnv.OMP_NUM_THREADS=1"),
        doctor.printed());
    assertTrue(doctor.printed().contains("error (setup): doctor: "), doctor.printed());
  }

  /** The GPUs are fakes; that Spark's number 1 is the second on the bus is not. */
  @Test
  void gpuOfAnExecutorIsTheOneThatSparkGaveIt() throws Exception {
    FakeCuda cuda = FakeCuda.in(folder);
    Path script = Files.createTempFile(folder, "gpus", ".sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[\"1\"]}'\n");
    assertTrue(script.toFile().setExecutable(true));
    StringBuilder properties = new StringBuilder();
    cuda.environment("8.0,8.6")
        .forEach(
            (key, value) -> properties.append("spark.executorEnv." + key + " " + value + "\n"));
    properties.append(
        """
        spark.cores.max 1
        spark.executor.cores 1
        spark.executor.memory 512m
        spark.executor.resource.gpu.amount 1
        spark.task.resource.gpu.amount 0.5
        """);
    Path offer = folder.resolve("worker.conf");
    Files.writeString(
        offer,
        "spark.worker.resource.gpu.amount 1\nspark.worker.resource.gpu.discoveryScript " + script);
    try (Cluster gpus =
        new Cluster(folder.resolve("gpus"), 1, 1, List.of("--properties-file", offer.toString()))) {
      Launcher doctor = doctor(gpus, properties.toString());
      assertStarts(
          lines(doctor.printed()).get("gpu"),
          "warn executor 0 has GPU 1: Fake GPU (GPU-a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1, compute capability 8.6,"
              + " 16.0 GiB, 0000:02:00.0). The engine computes on the CPU, so they would idle");
    }
  }

  private static Launcher doctor(String properties, String... more)
      throws IOException, InterruptedException {
    return doctor(cluster, properties, more);
  }

  private static Launcher doctor(Cluster of, String properties, String... more)
      throws IOException, InterruptedException {
    Path file = Files.writeString(Files.createTempFile(folder, "spark", ".conf"), properties);
    String options = "--master " + of.master() + " --properties-file " + file;
    List<String> arguments = new ArrayList<>(List.of("doctor"));
    arguments.addAll(List.of(more));
    Map<String, String> environment =
        Map.of("TANGENTS_SPARK_SUBMIT_OPTS", options, "TANGENTS_NATIVE_MEMORY", "1g");
    return Launcher.run(environment, folder, arguments);
  }

  /** Level and text of every check, by its name. */
  private static Map<String, String> lines(String printed) {
    Map<String, String> lines = new TreeMap<>();
    for (String line : printed.lines().toList()) {
      if (line.matches("(ok|warn|fault) .*")) {
        String level = line.substring(0, 7).strip();
        lines.put(line.substring(7, 21).strip(), level + " " + line.substring(22));
      }
    }
    return lines;
  }

  private static void assertStarts(String line, String start) {
    assertTrue(line != null && line.startsWith(start), String.valueOf(line));
  }
}
