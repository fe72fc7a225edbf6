package dev.tangents.job.doctor;

import java.util.List;

/** Whether the packages of the JDK that Spark reaches into are open. */
final class PackagesCheck extends NodeCheck {
  @Override
  public String name() {
    return "packages";
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    List<String> closed = node.java().closedPackages();
    if (closed.isEmpty()) {
      return Finding.ok("open as Spark asks (--add-opens)");
    }
    return Finding.fault(
        "Spark reaches into packages of the JDK that are closed: " + String.join(", ", closed),
        "start through spark-submit or job/bin/tangents, which open them, not through a bare java");
  }
}
