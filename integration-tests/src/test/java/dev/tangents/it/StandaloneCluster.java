package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;

/** A standalone cluster of the Spark that the build has put together: a master and one worker. */
final class StandaloneCluster implements AutoCloseable {
  private static final Path SPARK = Path.of(System.getProperty("tangents.spark.jars")).getParent();
  private static final long START_MILLIS = 60_000;

  private final List<Process> processes = new ArrayList<>();
  private final int port = freePort();
  private final int web = freePort();

  /**
   * Starts it and waits for the worker.
   *
   * @param folder for logs and the worker's files
   * @param cores that the worker offers
   */
  StandaloneCluster(Path folder, int cores) throws IOException, InterruptedException {
    start(
        folder,
        "org.apache.spark.deploy.master.Master",
        List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "" + web));
    awaitMaster("\"aliveworkers\"");
    List<String> worker = new ArrayList<>(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    worker.addAll(
        List.of("--cores", "" + cores, "--memory", "16g", "--work-dir", folder + "/work"));
    worker.add(master());
    start(folder, "org.apache.spark.deploy.worker.Worker", worker);
    awaitMaster("\"aliveworkers\" : 1");
  }

  /** For {@code --master}. */
  String master() {
    return "spark://127.0.0.1:" + port;
  }

  private void start(Path folder, String main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-cp", SPARK.resolve("jars") + "/*", main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("(OMP|OPENBLAS|SPARK)_.*"));
    builder.environment().put("SPARK_HOME", SPARK.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Path log = folder.resolve(main.substring(main.lastIndexOf('.') + 1) + ".log");
    processes.add(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  /** Waits until the master's page says so. */
  private void awaitMaster(String text) throws InterruptedException {
    long end = System.nanoTime() + START_MILLIS * 1_000_000;
    String said = "";
    while (!said.contains(text)) {
      assertTrue(System.nanoTime() < end, "the cluster does not start: " + said);
      assertTrue(processes.stream().allMatch(Process::isAlive), "a process of the cluster ended");
      Thread.sleep(200);
      try (InputStream page =
          URI.create("http://127.0.0.1:" + web + "/json/").toURL().openStream()) {
        said = new String(page.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        said = e.toString(); // not there yet
      }
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends worker and master, the last first; executors end with their worker. */
  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroy();
      processes.get(i).onExit().join();
    }
  }

  /** A file of Spark's properties. */
  static Path properties(Path folder, String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "spark", ".conf"), text);
  }
}
