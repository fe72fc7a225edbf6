package dev.tangents.job.doctor;

import java.util.List;

/** Whether GPUs that were asked for are there and can be used. */
final class GpuCheck implements Check {
  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public Finding examine(Facts facts) {
    List<String> keys = facts.gpuKeys();
    if (keys.isEmpty()) {
      return Finding.ok("none asked for");
    }
    if (facts.isLocal()) {
      return Finding.fault(
          "%s with %s: Spark offers no GPU in local mode, so it would schedule nothing and seem to hang"
              .formatted(String.join(", ", keys), facts.master()),
          "unset them, or give the --master of a cluster");
    }
    for (Node executor : facts.executors()) {
      Finding finding = examine(executor);
      if (finding.level() != Level.OK) {
        return finding.on(executor.name());
      }
    }
    return Finding.warn(
        devices(facts) + ". No engine of this version computes on a GPU, so they would idle",
        "unset " + String.join(", ", keys));
  }

  private static Finding examine(Node executor) {
    if (executor.gpus().addresses().isEmpty()) {
      return Finding.fault(
          "Spark gave its tasks no GPU",
          "set spark.task.resource.gpu.amount, and spark.executor.resource.gpu.discoveryScript"
              + " (conf/gpu/discover-gpus.sh)");
    }
    if (!executor.gpus().failure().isEmpty()) {
      return Finding.fault(
          "Spark gave it GPU %s, and nvidia-smi shows none: %s"
              .formatted(String.join(", ", executor.gpus().addresses()), executor.gpus().failure()),
          "install the driver on its machine, or let the container see its devices");
    }
    return Finding.ok("");
  }

  private static String devices(Facts facts) {
    return facts.executors().stream()
        .map(
            executor ->
                executor.name()
                    + " has GPU "
                    + String.join(", ", executor.gpus().addresses())
                    + " of "
                    + String.join("; ", executor.gpus().devices()))
        .reduce((left, right) -> left + ". " + right)
        .orElse("No executor answered");
  }

  /** Whether Spark would schedule nothing with these properties. */
  static boolean wouldHang(Facts facts) {
    return facts.isLocal() && !facts.gpuKeys().isEmpty();
  }
}
