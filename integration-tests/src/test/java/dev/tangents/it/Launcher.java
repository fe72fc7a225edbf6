package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run of {@code job/bin/tangents}, in a JVM of its own and in the root of the tree.
 *
 * @param code its exit code
 * @param printed all that it said
 */
record Launcher(int code, String printed) {
  private static final Path ROOT = Path.of(System.getProperty("tangents.root"));

  /** Runs with a clean environment but for {@code environment}; its log goes to {@code folder}. */
  static Launcher run(Map<String, String> environment, Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("job/bin/tangents").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(OMP|OPENBLAS|SPARK)_.*"));
    builder.environment().putAll(environment);
    Path log = Files.createTempFile(folder, "launcher", ".log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running after five minutes");
    return new Launcher(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }
}
