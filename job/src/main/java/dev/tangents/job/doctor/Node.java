package dev.tangents.job.doctor;

import java.util.List;
import java.util.Map;

/**
 * One JVM of a run, as it found itself. Travels as JSON.
 *
 * @param name {@code driver}, or {@code executor 1}
 * @param host name of its machine or container
 * @param java the JVM
 * @param processors that the JVM may use
 * @param memory bytes of RAM that the machine has or the container grants; 0 where nobody tells
 * @param environment variables that matter and are set
 * @param properties of JavaCPP that are set
 * @param engine what computes
 * @param cache where native libraries are unpacked
 * @param gpus what there is of them
 * @param output what is wrong with the output's file system from here; empty if nothing
 */
public record Node(
    String name,
    String host,
    Java java,
    int processors,
    long memory,
    Map<String, String> environment,
    Map<String, String> properties,
    Engine engine,
    Cache cache,
    Gpus gpus,
    String output) {
  /** What the driver is called. */
  public static final String DRIVER = "driver";

  /**
   * The JVM.
   *
   * @param version such as 17.0.15
   * @param feature its first number
   * @param heap bytes that it may grow to
   * @param closedPackages that Spark needs open and that are not
   */
  public record Java(String version, int feature, long heap, List<String> closedPackages) {}

  /**
   * The engine.
   *
   * @param description versions, kernels and threads; empty if it does not load
   * @param advice what would make it faster; empty if nothing
   * @param failure why it does not load; empty if it does
   */
  public record Engine(String description, String advice, String failure) {}

  /**
   * JavaCPP's cache.
   *
   * @param folder where it is
   * @param failure why nothing can be written there; empty if it can
   * @param bytes what it holds
   * @param free bytes that its disk has left
   */
  public record Cache(String folder, String failure, long bytes, long free) {}

  /**
   * GPUs, where they are asked for.
   *
   * @param addresses that Spark gave; none where none were asked for
   * @param devices all that the process sees
   * @param chosen the one that an engine computes on; empty if none
   * @param failure why none; empty if there is one, or nobody asked
   */
  public record Gpus(List<String> addresses, List<String> devices, String chosen, String failure) {
    /** The GPUs of a process that was not asked for them. */
    public static final Gpus UNASKED = new Gpus(List.of(), List.of(), "", "");
  }

  /** Copies lists and maps. */
  public Node {
    environment = Map.copyOf(environment);
    properties = Map.copyOf(properties);
  }

  /** This JVM with what is wrong with the output. */
  public Node with(String wrong) {
    return new Node(
        name, host, java, processors, memory, environment, properties, engine, cache, gpus, wrong);
  }

  /** Whether it is the driver. */
  public boolean drives() {
    return name.equals(DRIVER);
  }
}
