package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that needs a GPU ends at once where there is none, and never computes on the CPU. */
class RequireGpuIT {
  private static final Duration MOST = Duration.ofSeconds(30);

  /** Hides the GPUs of a machine that has some. */
  private static final Map<String, String> BLIND = Map.of("CUDA_VISIBLE_DEVICES", "");

  private static final String[] NETWORK = {
    "gram", "--engine", "nd4j-cuda", "--model", "mlp:64-8-3:tanh?seed=1"
  };

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "nd4j-cuda"})
  void engineForGpusWithoutOneSaysWhatToDo(String engine) throws Exception {
    Launcher run = run("gram", "--engine", engine, "--model", "mlp:64-8-3:tanh?seed=1");
    assertEquals(1, run.code(), run.printed());
    assertSays(run, "error (setup): GPU: the engine needs one, and this process sees none");
    assertSays(run, "CUDA_VISIBLE_DEVICES is set to '', which hides all GPUs: unset it, or let it");
    assertSays(run, "Or compute on the CPU: --engine nd4j");
  }

  @Test
  void gpuIsRequiredOfAnEngineOnTheCpu() throws Exception {
    Launcher run = run("gram", "--require-gpu", "--model", "mlp:64-8-3:tanh?seed=1");
    assertEquals(2, run.code(), run.printed());
    assertSays(
        run, "error (user): require-gpu: the engine nd4j computes on the CPU. Give --engine");
  }

  /** A kernel by rows goes another way. */
  @Test
  void commandsOverRowsRequireItToo() throws Exception {
    Launcher run = run("jacobian", "--engine", "nd4j-cuda", "--model", "mlp:64-8-3:tanh?seed=1");
    assertEquals(1, run.code(), run.printed());
    assertSays(run, "error (setup): GPU: the engine needs one, and this process sees none");
  }

  @Test
  void doctorSaysThatThereIsNone() throws Exception {
    Launcher doctor = doctor(BLIND);
    assertEquals(1, doctor.code(), doctor.printed());
    String gpu = line(doctor, "gpu");
    assertTrue(gpu.startsWith("fault  gpu"), gpu);
    assertTrue(gpu.contains("driver: GPU: the engine needs one, and this process sees"), gpu);
    assertFalse(doctor.printed().contains("submit the jar"), doctor.printed());
    String fault = "sees none: ";
    assertTrue(doctor.printed().contains(fault), doctor.printed());
    assertEquals(
        doctor.printed().indexOf(fault),
        doctor.printed().lastIndexOf(fault),
        () -> "told twice: " + doctor.printed());
  }

  @Test
  void doctorNamesTheDeviceOfTheDriver() throws Exception {
    String gpu = line(doctor(FakeCuda.in(folder).environment("8.6")), "gpu");
    assertTrue(gpu.startsWith("ok     gpu            driver has GPU 0: Fake GPU"), gpu);
  }

  private Launcher doctor(Map<String, String> environment) throws Exception {
    return Launcher.run(
        environment, folder, List.of("doctor", "--engine", "cuda", "--master", "local[2]"));
  }

  private static String line(Launcher doctor, String check) {
    return doctor
        .printed()
        .lines()
        .filter(line -> line.matches("\\w+ +" + check + " .*"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(doctor.printed()));
  }

  /** Spark would wait for ever for a GPU that no local executor offers. */
  @Test
  void localModeWithGpusOfSparkIsRefused() throws Exception {
    Launcher run =
        run(
            Map.of(
                "TANGENTS_SPARK_SUBMIT_OPTS",
                "--master local[2] --conf spark.executor.resource.gpu.amount=1"),
            "gram",
            "--model",
            "mlp:64-8-3:tanh?seed=1");
    assertEquals(2, run.code(), run.printed());
    assertSays(run, "spark.executor.resource.gpu.amount: with local[2] Spark offers no GPU");
  }

  @Test
  void deviceThatIsTooOldIsRefused() throws Exception {
    Launcher run =
        run(
            FakeCuda.in(folder).environment("6.1"),
            "gram",
            "--engine",
            "cuda",
            "--model",
            "mlp:64-8-3:tanh?seed=1");
    assertEquals(1, run.code(), run.printed());
    assertSays(run, "the engine cuda needs compute capability 7.0 (Volta) or later");
  }

  @Test
  void deviceWithoutTheTensorCoresOfAPrecisionIsRefused() throws Exception {
    Launcher run =
        run(
            FakeCuda.in(folder).environment("7.5"),
            "gram",
            "--engine",
            "cuda",
            "--precision",
            "tf32",
            "--model",
            "mlp:64-8-3:tanh?seed=1");
    assertEquals(1, run.code(), run.printed());
    assertSays(
        run, "precision: tf32 needs tensor cores of compute capability 8.0 (Ampere) or later");
    assertSays(run, "Leave --precision out");
  }

  /** With a device that ND4J's binary could use, in a build that does not have it. */
  @Test
  void engineThatIsNotInTheBuildSaysHowItGetsThere() throws Exception {
    assumeFalse(hasNd4jCuda(), "a build with -Pnd4j-cuda");
    Launcher run = run(FakeCuda.in(folder).environment("8.6"), NETWORK);
    assertEquals(1, run.code(), run.printed());
    assertSays(run, "is not on the class path. Build with mvn -Pnd4j-cuda");
  }

  @Test
  void deviceThatTheBinaryHasNoCodeForIsRefused() throws Exception {
    assumeTrue(hasNd4jCuda(), "a build without -Pnd4j-cuda");
    Launcher run = run(FakeCuda.in(folder).environment("9.0"), NETWORK);
    assertEquals(1, run.code(), run.printed());
    assertSays(run, "sm_86 and no PTX; the device is Fake GPU of compute capability 9.0 (sm_90)");
    assertSays(run, "Use --engine cuda");
  }

  /** The fake of a driver has no kernels, and CUDA's libraries are missing besides. */
  @Test
  void deviceThatIsAdmittedIsNotReplacedByTheCpu() throws Exception {
    assumeTrue(hasNd4jCuda(), "a build without -Pnd4j-cuda");
    Launcher run = run(FakeCuda.in(folder).environment("8.6"), NETWORK);
    assertEquals(1, run.code(), run.printed());
    assertSays(run, "ND4J CUDA: its backend does not load on GPU 0: Fake GPU");
  }

  private static boolean hasNd4jCuda() throws IOException {
    Path natives = Path.of(System.getProperty("tangents.root"), "job/target/natives");
    try (Stream<Path> jars = Files.list(natives)) {
      return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("nd4j-cuda-"));
    }
  }

  private Launcher run(String... arguments) throws Exception {
    return run(BLIND, arguments);
  }

  private Launcher run(Map<String, String> environment, String... arguments) throws Exception {
    Path output = folder.resolve("out");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--input", "data-samples/digits.parquet", "--output", output.toString()));
    Instant start = Instant.now();
    Launcher run = Launcher.run(environment, folder, all);
    Duration took = Duration.between(start, Instant.now());
    assertTrue(took.compareTo(MOST) < 0, () -> took + ": " + run.printed());
    assertFalse(Files.exists(output), run.printed());
    return run;
  }

  private static void assertSays(Launcher run, String part) {
    assertTrue(run.printed().contains(part), run.printed());
  }
}
