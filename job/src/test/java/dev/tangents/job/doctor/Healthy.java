package dev.tangents.job.doctor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Facts of a cluster where nothing is wrong, to be changed by a test. */
final class Healthy {
  static final long GIB = 1L << 30;

  final Map<String, String> conf =
      new HashMap<>(
          Map.of(
              "spark.master", "yarn",
              "spark.executor.memoryOverhead", "10g",
              "spark.task.reaper.enabled", "true",
              "spark.task.reaper.killTimeout", "600s"));
  final Map<String, String> environment = new HashMap<>();
  final Map<String, String> properties =
      new HashMap<>(Map.of(NativeBound.MAX_BYTES, "8g", NativeBound.MAX_PHYSICAL_BYTES, "0"));
  final List<String> addresses = new ArrayList<>();
  List<String> closedPackages = List.of();
  Node.Engine engine = new Node.Engine("nd4j (kernels SKYLAKEX)", "", "");
  Node.Cache cache = new Node.Cache("/cache", "", 0, 10 * GIB);
  String gpu = "GPU 0: NVIDIA A100 (GPU-3)";
  String gpuFailure = "";
  String output = "";
  String asked = "file:/out";
  String trouble = "";
  String java = "17.0.15";
  int tasks = 2;

  /** Driver on one machine, two executors on others; what was changed holds of the second one. */
  Facts facts() {
    Healthy sound = new Healthy();
    List<Node> executors = List.of(sound.node("executor 1", "a"), node("executor 2", "b"));
    return new Facts("4.1.3", conf, tasks, sound.node(Node.DRIVER, "c"), executors, trouble, asked);
  }

  /** The driver alone, which what was changed holds of. */
  Facts local(String master) {
    conf.put("spark.master", master);
    return new Facts("4.1.3", conf, tasks, node(Node.DRIVER, "c"), List.of(), trouble, asked);
  }

  private Node node(String name, String host) {
    int feature = Integer.parseInt(java.substring(0, 2));
    return new Node(
        name,
        host,
        new Node.Java(java, feature, 4 * GIB, closedPackages),
        2,
        16 * GIB,
        environment,
        properties,
        engine,
        cache,
        new Node.Gpus(addresses, List.of(gpu), gpuFailure.isEmpty() ? gpu : "", gpuFailure),
        output);
  }
}
