package dev.tangents.job.doctor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether GPUs that were asked for are there, each executor has one of its own, and the engine uses
 * them. Whether the engine can use the device that it has is told by the engine itself.
 */
final class GpuCheck implements Check {
  private static final String KEYS = "set the keys of conf/spark/gpu-*.conf";

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public Finding examine(Facts facts) {
    List<String> keys = facts.gpuKeys();
    if (!facts.asksForGpus()) {
      return Finding.ok("none asked for");
    }
    if (wouldHang(facts)) {
      return Finding.fault(
          "%s with %s: Spark offers no GPU in local mode, so it would schedule nothing and seem to hang"
              .formatted(String.join(", ", keys), facts.master()),
          "unset them, or give the --master of a cluster; in local mode --gpu names the device");
    }
    for (Node node : facts.workers()) {
      Finding finding = examine(node, !keys.isEmpty());
      if (finding.level() != Level.OK) {
        return finding.on(node.name());
      }
    }
    return shared(facts).orElseGet(() -> used(facts));
  }

  private static Finding examine(Node node, boolean keys) {
    if (keys && node.gpus().addresses().isEmpty()) {
      return Finding.fault(
          "Spark gave its tasks no GPU",
          "set spark.task.resource.gpu.amount, and spark.executor.resource.gpu.discoveryScript"
              + " (conf/gpu/discover-gpus.sh)");
    }
    if (!node.gpus().failure().isEmpty()) {
      return Finding.fault(
          node.gpus().failure(),
          "install the driver on its machine, let the container see its devices, or correct"
              + " CUDA_VISIBLE_DEVICES there (now %s)"
                  .formatted(node.environment().getOrDefault("CUDA_VISIBLE_DEVICES", "unset")));
    }
    return Finding.ok("");
  }

  /** Two executors on one GPU halve each other's memory, and neither knows. */
  private static Optional<Finding> shared(Facts facts) {
    Map<String, String> owners = new HashMap<>();
    for (Node node : facts.executors()) {
      String device = node.host() + " " + node.gpus().chosen();
      String other = owners.putIfAbsent(device, node.name());
      if (other != null) {
        return Optional.of(
            Finding.fault(
                "%s and %s both have %s of %s"
                    .formatted(other, node.name(), node.gpus().chosen(), node.host()),
                facts.gpuKeys().isEmpty()
                    ? KEYS
                    : "give each worker of a machine devices of its own, by CUDA_VISIBLE_DEVICES"));
      }
    }
    return Optional.empty();
  }

  private static Finding used(Facts facts) {
    if (facts.gpuEngine().isEmpty()) {
      return Finding.warn(
          devices(facts) + ". The engine computes on the CPU, so they would idle",
          "give --engine cuda, or unset " + String.join(", ", facts.gpuKeys()));
    }
    if (!facts.isLocal() && facts.gpuKeys().isEmpty()) {
      return Finding.warn(
          devices(facts) + ". Spark gave none of them, so it may start two executors for one",
          KEYS);
    }
    return Finding.ok(devices(facts));
  }

  private static String devices(Facts facts) {
    return facts.workers().isEmpty()
        ? "No executor answered"
        : facts.workers().stream()
            .map(node -> node.name() + " has " + node.gpus().chosen())
            .collect(Collectors.joining("; "));
  }

  /** Whether Spark would schedule nothing with these properties. */
  static boolean wouldHang(Facts facts) {
    return facts.isLocal() && !facts.gpuKeys().isEmpty();
  }
}
