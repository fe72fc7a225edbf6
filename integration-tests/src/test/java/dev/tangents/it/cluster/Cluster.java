package dev.tangents.it.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A standalone cluster on the loopback: a Master and Workers, each a JVM of its own. */
public final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String DEPLOY = "org.apache.spark.deploy.";
  private static final int DAEMON_MIB = 256;

  /** What executors may ask for; nothing is taken of it beforehand. */
  private static final String WORKER_MEMORY = "16g";

  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Registering worker ");

  private static final Pattern SECOND_ATTEMPT = Pattern.compile("Running task \\d+\\.[1-9]");

  private final Path folder;
  private final List<Jvm> daemons = new ArrayList<>();
  private final List<Jvm> drivers = new ArrayList<>();

  /** Executors whose Worker was killed. */
  private final List<ProcessHandle> orphans = new ArrayList<>();

  private final String master;

  /**
   * Starts it and waits until all Workers are known to the Master.
   *
   * @param folder for logs and the Workers' files
   * @param cores that each Worker offers
   */
  public Cluster(Path folder, int workers, int cores) throws IOException {
    this(folder, workers, cores, List.of());
  }

  /**
   * The same.
   *
   * @param more arguments of each Worker
   */
  public Cluster(Path folder, int workers, int cores, List<String> more) throws IOException {
    this.folder = folder.toAbsolutePath();
    try {
      Jvm first = daemon("master", List.of("--host", "127.0.0.1", "--port", "0"));
      await().atMost(PATIENCE).until(() -> URL.matcher(first.printed()).find());
      Matcher url = URL.matcher(first.printed());
      this.master = url.find() ? url.group(1) : "";
      for (int i = 0; i < workers; i++) {
        // Spark copies a task to another host alone.
        String host = i % 2 == 0 ? "127.0.0.1" : "localhost";
        String work = this.folder.resolve("work" + i).toString();
        List<String> arguments = new ArrayList<>(more);
        arguments.addAll(
            List.of(
                "--host", host, "-c", "" + cores, "-m", WORKER_MEMORY, "--work-dir", work, master));
        daemon("worker" + i, arguments);
      }
      await()
          .atMost(PATIENCE)
          .until(() -> REGISTERED.matcher(first.printed()).results().count() == workers);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Jvm daemon(String name, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--webui-port", "0"));
    arguments.addAll(more);
    String kind = name.startsWith("master") ? "master.Master" : "worker.Worker";
    Jvm jvm = Spark.start(folder, name, DAEMON_MIB, DEPLOY + kind, arguments);
    daemons.add(jvm);
    return jvm;
  }

  /** For {@code --master}. */
  public String master() {
    return master;
  }

  /** Submits ours with the jar at {@code jar}. */
  Jvm submit(String jar, Map<String, String> properties, List<String> arguments)
      throws IOException {
    return submit(Program.job(jar, arguments), properties);
  }

  /** Submits a program; the driver ends with the cluster at latest. */
  Jvm submit(Program program, Map<String, String> properties) throws IOException {
    awaitExecutors(0); // Those of an earlier run are told to go.
    Jvm driver = Spark.submit(folder, master, program, properties);
    drivers.add(driver);
    return driver;
  }

  /** Submits ours with Spark's own defaults. */
  Jvm submit(List<String> arguments) throws IOException {
    return submit(Spark.JAR, Map.of(), arguments);
  }

  /** The executors' processes. */
  List<ProcessHandle> executors() {
    return daemons.stream().flatMap(daemon -> daemon.children().stream()).toList();
  }

  /** Waits until so many executors run, and returns them. */
  List<ProcessHandle> awaitExecutors(int count) {
    return await().atMost(PATIENCE).until(this::executors, list -> list.size() == count);
  }

  /** What Master and Workers have printed so far. */
  String printed() {
    return daemons.stream().map(Jvm::printed).collect(Collectors.joining());
  }

  /** Number of tasks so far that an executor began though another attempt at them had begun. */
  long secondAttempts() throws IOException {
    long count = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path log : files.filter(path -> path.endsWith("stderr")).toList()) {
        count += SECOND_ATTEMPT.matcher(Files.readString(log)).results().count();
      }
    }
    return count;
  }

  /** kill -9 of the last Worker that is left; its executor is on its own then. */
  void killWorker() {
    Jvm worker = daemons.remove(daemons.size() - 1);
    orphans.addAll(worker.children());
    worker.kill();
  }

  @Override
  public void close() {
    drivers.forEach(Jvm::close);
    daemons.forEach(Jvm::close);
    Jvm.kill(orphans);
  }
}
