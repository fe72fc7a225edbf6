package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The README's first command, through the launcher and the packaged jar, each run in a JVM of its
 * own.
 */
class LauncherIT {
  @TempDir private Path folder;

  /** The same bytes on one core and on two, whatever the environment says of threads. */
  @ParameterizedTest(name = "OPENBLAS_CORETYPE={0}")
  @ValueSource(strings = {"", "Haswell"})
  void resultIsTheSameBitForBit(String coreType) throws Exception {
    Map<String, String> plain = new TreeMap<>();
    if (!coreType.isEmpty()) {
      plain.put("OPENBLAS_CORETYPE", coreType);
    }
    Map<String, String> threaded = new TreeMap<>(plain);
    threaded.put("OMP_NUM_THREADS", "4");
    threaded.put("OPENBLAS_NUM_THREADS", "4");
    Map<String, byte[]> one = run(plain, "local[1]", folder.resolve("one"));
    Map<String, byte[]> two = run(threaded, "local[2]", folder.resolve("two"));
    assertEquals(9, one.size(), () -> "three panels and six tiles, found " + one.keySet());
    assertEquals(one.keySet(), two.keySet());
    one.forEach((name, bytes) -> assertArrayEquals(bytes, two.get(name), name));
  }

  /**
   * An executor that has less memory than was planned with is found out before anything is written.
   */
  @Test
  void lessMemoryThanPlannedIsHalvedUntilItFits() throws Exception {
    Path output = folder.resolve("out");
    List<String> command = new ArrayList<>(List.of("hessian", "--limit", "64", "--memory", "2000"));
    command.addAll(List.of("--model", "mlp:64-128-10:tanh?seed=1", "--output", output.toString()));
    command.addAll(List.of("--input", "data-samples/digits.parquet", "--master", "local[2]"));
    String bound = "-Dorg.bytedeco.javacpp.maxbytes=100m";
    String printed = launch(Map.of("TANGENTS_JAVA_OPTS", bound), folder, command);
    assertTrue(printed.contains("less memory than planned with; trying 1000 MiB"), printed);
    assertTrue(printed.contains("Hessian (forward over reverse) of 64 samples"), printed);
    assertTrue(Files.exists(output.resolve("_SUCCESS")), printed);
  }

  private static Map<String, byte[]> run(
      Map<String, String> environment, String master, Path output)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "gram",
            "--config",
            "conf/digits-gram.conf",
            "--tile",
            "700",
            "--master",
            master,
            "--output",
            output.toString());
    String printed = launch(environment, output.getParent(), command);
    assertTrue(printed.contains("1,797 samples"), printed);
    return files(output);
  }

  private static String launch(Map<String, String> environment, Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    Launcher run = Launcher.run(environment, folder, arguments);
    assertEquals(0, run.code(), run.printed());
    return run.printed();
  }

  private static Map<String, byte[]> files(Path output) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(output)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        files.put(output.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }
}
