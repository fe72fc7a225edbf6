package dev.tangents.job.doctor;

/** Whether files can be made, renamed and deleted where the result shall lie, from everywhere. */
final class OutputCheck extends NodeCheck {
  @Override
  public String name() {
    return "output";
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    if (facts.output().isEmpty()) {
      return Finding.ok("not looked at; name one with --output");
    }
    if (node.output().isEmpty()) {
      return Finding.ok(facts.output() + " can be written, renamed and deleted in");
    }
    return Finding.fault(
        node.output(),
        "check permissions and credentials; with executors on several machines, a file system that all of"
            + " them share");
  }
}
