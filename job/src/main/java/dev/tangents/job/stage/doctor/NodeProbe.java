package dev.tangents.job.stage.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.tangents.error.TangentsException;
import dev.tangents.job.doctor.Node;
import dev.tangents.udfs.executor.GpuRequest;
import dev.tangents.udfs.executor.LoadedEngine;
import dev.tangents.udfs.executor.SeenGpus;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Looks at the JVM that it runs in, for {@code tangents doctor}. */
final class NodeProbe {
  private static final Pattern OPENED = Pattern.compile("--add-opens=([^/]+)/([^=]+)=ALL-UNNAMED");
  private static final String JAVACPP = "org.bytedeco.javacpp.";
  private static final Pattern VARIABLES =
      Pattern.compile("(OMP|OPENBLAS|MKL)_.*|CUDA_VISIBLE_DEVICES|SPARK_HOME|JAVA_HOME");

  private NodeProbe() {}

  /**
   * What it finds.
   *
   * @param name of the JVM
   * @param engine loads the engine, or throws why not
   * @param gpus which GPU is meant; empty where GPUs are not asked for
   * @param output what is wrong with the output; empty if nothing
   */
  static Node look(
      String name, Supplier<LoadedEngine> engine, Optional<GpuRequest> gpus, String output) {
    return new Node(
        name,
        host(),
        java(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        environment(),
        properties(),
        engine(engine),
        CacheProbe.look(),
        gpus.map(NodeProbe::gpus).orElse(Node.Gpus.UNASKED),
        output);
  }

  /** A node as text, the form in which it travels whatever Spark's serializer. */
  static String json(Node node) {
    try {
      return new ObjectMapper().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The node of a text. */
  static Node parse(String json) {
    try {
      return new ObjectMapper().readerFor(Node.class).readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "(no name)";
    }
  }

  private static Node.Java java() {
    return new Node.Java(
        System.getProperty("java.version"),
        Runtime.version().feature(),
        Runtime.getRuntime().maxMemory(),
        closedPackages());
  }

  /** Packages that Spark's own launcher opens. */
  private static List<String> closedPackages() {
    Module ours = NodeProbe.class.getModule();
    return Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
        .map(OPENED::matcher)
        .filter(Matcher::matches)
        .filter(
            opened ->
                ModuleLayer.boot()
                    .findModule(opened.group(1))
                    .filter(module -> module.getPackages().contains(opened.group(2)))
                    .filter(module -> !module.isOpen(opened.group(2), ours))
                    .isPresent())
        .map(opened -> opened.group(1) + "/" + opened.group(2))
        .toList();
  }

  /** Bytes of main memory: the container's, where there is one. */
  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static Map<String, String> environment() {
    Map<String, String> set = new TreeMap<>(System.getenv());
    set.keySet().removeIf(name -> !VARIABLES.matcher(name).matches());
    return set;
  }

  private static Map<String, String> properties() {
    Map<String, String> set = new TreeMap<>();
    Stream.of("maxbytes", "maxphysicalbytes", "cachedir", "platform")
        .map(JAVACPP::concat)
        .filter(key -> System.getProperty(key) != null)
        .forEach(key -> set.put(key, System.getProperty(key)));
    return set;
  }

  private static Node.Gpus gpus(GpuRequest request) {
    SeenGpus seen = SeenGpus.of(request);
    return new Node.Gpus(request.addresses(), seen.devices(), seen.chosen(), seen.failure());
  }

  private static Node.Engine engine(Supplier<LoadedEngine> engine) {
    try {
      LoadedEngine loaded = engine.get();
      return new Node.Engine(loaded.description(), loaded.advice(), "");
    } catch (TangentsException e) {
      return new Node.Engine("", "", e.getMessage());
    }
  }
}
