package dev.tangents.job.doctor;

/** Whether executors came and answered. */
final class ExecutorsCheck implements Check {
  @Override
  public String name() {
    return "executors";
  }

  @Override
  public Finding examine(Facts facts) {
    if (!facts.trouble().isEmpty()) {
      return Finding.fault(
          facts.trouble(),
          "look at --master (%s), its log, and what it has free; the executors' checks are missing here"
              .formatted(facts.master()));
    }
    int count = facts.executors().size();
    return Finding.ok(
        facts.isLocal()
            ? "the driver computes (" + facts.master() + ")"
            : count + (count == 1 ? " answered" : " answered, all that there are"));
  }
}
