package dev.tangents.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process whose output is in a file. Closing kills it and its descendants and awaits their end.
 */
final class Jvm implements AutoCloseable {
  private static final long SECONDS_TO_DIE = 20;

  private final Process process;
  private final Path log;

  private Jvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a process.
   *
   * @param environment added to this JVM's own, from which what steers Spark and arithmetic is
   *     taken
   */
  static Jvm start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    Files.createDirectories(log.getParent());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("(OMP|OPENBLAS|SPARK)_.*"));
    builder.environment().putAll(environment);
    Jvm jvm = new Jvm(builder.redirectOutput(log.toFile()).start(), log);
    // Also when Maven stops this JVM in the middle of a test.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> kill(jvm.family())));
    return jvm;
  }

  /** Its child processes. */
  List<ProcessHandle> children() {
    return process.children().toList();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal such as STOP to a process. */
  static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
    List<String> command = List.of("kill", "-" + name, Long.toString(process.pid()));
    assertEquals(0, new ProcessBuilder(command).start().waitFor());
  }

  /** kill -9 of this process alone. */
  void kill() {
    process.destroyForcibly();
  }

  /**
   * Waits for its end and returns the exit code.
   *
   * @throws AssertionError with what it printed if it does not end in time
   */
  int exitCode(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("Still running after " + patience + ": " + printed());
    }
    return process.exitValue();
  }

  /** What it has printed so far. */
  String printed() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * kill -9 of all of these, in this order; returns when they are gone.
   *
   * @throws IllegalStateException if one does not go
   */
  static void kill(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture<?>[] ends =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(SECONDS_TO_DIE, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("Not all of " + processes + " could be killed", e);
    }
  }

  /** It and its descendants, itself first, so that it does not replace a child that was killed. */
  private List<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  @Override
  public void close() {
    kill(family());
  }
}
