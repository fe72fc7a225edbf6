package dev.tangents.job.doctor;

/** Whether slow tasks are computed twice. */
final class SpeculationCheck implements Check {
  @Override
  public String name() {
    return "speculation";
  }

  @Override
  public Finding examine(Facts facts) {
    return facts.isTrue("spark.speculation")
        ? Finding.warn(
            "spark.speculation=true computes slow tiles twice: harmless to results, a waste of processors",
            "set spark.speculation=false, unless some machines are much slower than others")
        : Finding.ok("off");
  }
}
