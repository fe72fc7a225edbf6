package dev.tangents.job.doctor;

/** Whether a task that was told to end, and does not, is ended. */
final class ReaperCheck implements Check {
  private static final String ENABLED = "spark.task.reaper.enabled";
  private static final String TIMEOUT = "spark.task.reaper.killTimeout";

  @Override
  public String name() {
    return "reaper";
  }

  @Override
  public Finding examine(Facts facts) {
    if (facts.isLocal()) {
      return Finding.ok("not needed where the driver computes");
    }
    boolean bounded = facts.find(TIMEOUT).filter(text -> !text.startsWith("-")).isPresent();
    if (facts.isTrue(ENABLED) && bounded) {
      return Finding.ok("ends tasks that hear no interrupt after " + facts.find(TIMEOUT).get());
    }
    return Finding.warn(
        "native arithmetic hears no interrupt, and nothing ends a task that was told to",
        "set " + ENABLED + "=true and " + TIMEOUT + "=600s");
  }
}
