package dev.tangents.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that end before their time, by a signal or because another process takes their folder. */
class InterruptedIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path folder;

  @Test
  void aSignalLeavesTilesAndSaysHowToGoOn() throws Exception {
    Path output = folder.resolve("k");
    Path log = folder.resolve("log");
    Process run = begun(log, output, "gram", "--tile", "12");
    try {
      await().atMost(PATIENCE).until(() -> files(output.resolve("kernel")) > 3);
      run.destroy();
      assertEquals(TERMINATED, run.waitFor());
    } finally {
      run.destroyForcibly();
    }
    String said = Files.readString(log);
    assertTrue(said.contains("error (resource): interrupted: this process is ended from"), said);
    assertTrue(said.contains(output + ": the same command with --if-exists resume"), said);
    assertFalse(said.contains("internal"), said);
    assertFalse(said.contains("--stacktrace"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gram", "hessian"})
  void aFolderThatAnotherProcessTakesIsNamed(String command) throws Exception {
    Path output = folder.resolve("out");
    Path log = folder.resolve("log");
    Path lock = output.resolve("_lock");
    Process run = begun(log, output, command, "--tile", "12");
    try {
      // Once it has looked whether it is the only one that has taken the folder.
      Duration settled = Duration.ofSeconds(2);
      await().atMost(PATIENCE).during(settled).until(() -> Files.exists(lock));
      Files.delete(lock);
      assertEquals(1, run.waitFor());
    } finally {
      run.destroyForcibly();
    }
    String said = Files.readString(log);
    String message = "error (resource): output: another process has taken file:" + output;
    assertTrue(said.contains(message), said);
    assertFalse(said.contains("internal"), said);
  }

  /** A long run over all digits in a process of its own, with this one's options. */
  private static Process begun(Path log, Path output, String command, String... more)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tangents.job.Main"));
    line.addAll(List.of(command, "--model", "mlp:64-512-512-10:tanh?seed=1", "--input"));
    line.addAll(List.of(Gram.DIGITS, "--output", output.toString(), "--master", "local[2]"));
    line.addAll(List.of(more));
    return new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static long files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }
}
