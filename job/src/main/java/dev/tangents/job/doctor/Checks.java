package dev.tangents.job.doctor;

import java.util.List;

/** All checks, in the order in which they are told. */
public final class Checks {
  private static final List<Check> ALL =
      List.of(
          new ExecutorsCheck(),
          new JavaCheck(),
          new PackagesCheck(),
          new NativeLibraryCheck(),
          new SameEngineCheck(),
          new ProcessorsCheck(),
          new ThreadsCheck(),
          new CacheCheck(),
          new NativeLimitsCheck(),
          new OverheadCheck(),
          new MemoryCheck(),
          new SerializerCheck(),
          new CommitterCheck(),
          new SpeculationCheck(),
          new ReaperCheck(),
          new GpuCheck(),
          new OutputCheck());

  private Checks() {}

  /** All of them. */
  public static List<Check> all() {
    return ALL;
  }

  /** Whether Spark would schedule nothing, so that it had better not be started. */
  public static boolean wouldHang(Facts facts) {
    return GpuCheck.wouldHang(facts);
  }
}
