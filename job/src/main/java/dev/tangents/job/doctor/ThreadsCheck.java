package dev.tangents.job.doctor;

import java.util.List;
import java.util.Map;

/**
 * Whether the environment asks for other threads than a task gets. It computes with one: the engine
 * sets that number itself and reads it back.
 */
final class ThreadsCheck extends NodeCheck {
  private static final List<String> VARIABLES =
      List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS");

  @Override
  public String name() {
    return "threads";
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    Map<String, String> environment = node.environment();
    List<String> wrong =
        VARIABLES.stream()
            .filter(name -> !environment.getOrDefault(name, "1").strip().equals("1"))
            .toList();
    if (wrong.isEmpty()) {
      return Finding.ok("one a task; the engine sets that itself");
    }
    List<String> shown = wrong.stream().map(name -> name + "=" + environment.get(name)).toList();
    return Finding.fault(
        ("%s asks for other than the one thread that a task has a processor for. Harmless to results and to"
                + " the engine, which sets its own; harmful to all else that computes in this JVM or that it"
                + " starts, which takes so many for every task")
            .formatted(String.join(", ", shown)),
        node.drives()
            ? "unset " + String.join(", ", wrong) + " where the program starts"
            : "set spark.executorEnv." + String.join("=1, spark.executorEnv.", wrong) + "=1");
  }
}
