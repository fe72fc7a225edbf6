package dev.tangents.job.doctor;

import dev.tangents.job.plan.Amounts;
import java.util.List;

/** Whether each task has one processor, and each processor one task. */
final class ProcessorsCheck extends NodeCheck {
  @Override
  public String name() {
    return "processors";
  }

  @Override
  protected List<Node> nodes(Facts facts) {
    return facts.workers();
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    if (facts.taskCpus() > 1) {
      return Finding.fault(
          "spark.task.cpus=%d gives a task %d processors, and it computes with one thread: the others idle"
              .formatted(facts.taskCpus(), facts.taskCpus()),
          "unset spark.task.cpus, or set it to 1");
    }
    long beside =
        facts.workers().stream().filter(other -> other.host().equals(node.host())).count();
    long tasks = beside * facts.tasksPerJvm();
    if (tasks > node.processors()) {
      return Finding.fault(
          "%d tasks run beside each other on the %d processors of %s: they take each other's time, and the memory of all"
              .formatted(tasks, node.processors(), node.host()),
          facts.isLocal()
              ? "use --master local[" + node.processors() + "]"
              : "lower spark.executor.cores, or what the workers offer");
    }
    return Finding.ok(
        "at most %s on the %d of %s"
            .formatted(Amounts.counted(tasks, "task"), node.processors(), node.host()));
  }
}
