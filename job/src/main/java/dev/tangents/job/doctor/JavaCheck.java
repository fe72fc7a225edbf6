package dev.tangents.job.doctor;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether all JVMs are of one version; that it suffices shows in their running at all. */
final class JavaCheck implements Check {
  @Override
  public String name() {
    return "java";
  }

  @Override
  public Finding examine(Facts facts) {
    Set<Integer> features =
        facts.nodes().stream()
            .map(node -> node.java().feature())
            .collect(Collectors.toCollection(TreeSet::new));
    String versions =
        facts.nodes().stream()
            .map(node -> node.java().version())
            .distinct()
            .collect(Collectors.joining(", "));
    if (features.size() > 1) {
      return Finding.warn(
          "driver and executors run on Java " + versions,
          "use one version: JAVA_HOME on every machine, or one image");
    }
    return Finding.ok("Java " + versions + ", Spark " + facts.spark());
  }
}
