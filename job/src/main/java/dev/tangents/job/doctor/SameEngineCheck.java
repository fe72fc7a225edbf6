package dev.tangents.job.doctor;

import java.util.List;

/** Whether all executors compute the same bits. */
final class SameEngineCheck implements Check {
  @Override
  public String name() {
    return "same bits";
  }

  @Override
  public Finding examine(Facts facts) {
    List<String> engines =
        facts.workers().stream()
            .map(node -> node.engine().description())
            .filter(description -> !description.isEmpty())
            .distinct()
            .toList();
    if (engines.size() <= 1) {
      return Finding.ok("whatever computes is the same everywhere");
    }
    return Finding.warn(
        "engines differ between executors, and with them the last bits of results: "
            + String.join("; ", engines),
        "use one kind of machine, or set OPENBLAS_CORETYPE of the oldest one for all of them"
            + " (spark.executorEnv.OPENBLAS_CORETYPE)");
  }
}
