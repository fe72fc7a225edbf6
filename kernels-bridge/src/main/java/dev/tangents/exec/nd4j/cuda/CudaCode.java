package dev.tangents.exec.nd4j.cuda;

import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a CUDA binary holds of every one of its kernels, by architectures 10 major + minor: 86 is
 * sm_86, of compute capability 8.6.
 *
 * @param machine machine code, which runs on its own minor version and later ones of the same major
 * @param intermediate PTX, which a driver compiles for its own architecture and later ones
 */
record CudaCode(SortedSet<Integer> machine, SortedSet<Integer> intermediate) {
  private static final int MINORS = 10;

  /** Copies the sets. */
  CudaCode {
    machine = new TreeSet<>(machine);
    intermediate = new TreeSet<>(intermediate);
  }

  /** The code of these architectures. */
  static CudaCode of(Collection<Integer> machine, Collection<Integer> intermediate) {
    return new CudaCode(new TreeSet<>(machine), new TreeSet<>(intermediate));
  }

  /** The architectures that are in both. */
  CudaCode and(CudaCode other) {
    return of(common(machine, other.machine), common(intermediate, other.intermediate));
  }

  /** Whether a device of compute capability major.minor can run it. */
  boolean runsOn(int major, int minor) {
    int device = MINORS * major + minor;
    return machine.stream().anyMatch(sm -> sm / MINORS == major && sm <= device)
        || intermediate.stream().anyMatch(ptx -> ptx <= device);
  }

  private static Set<Integer> common(Set<Integer> left, Set<Integer> right) {
    return left.stream().filter(right::contains).collect(Collectors.toSet());
  }

  /** Such as {@code machine code for sm_37, sm_86 and no PTX}. */
  @Override
  public String toString() {
    return (machine.isEmpty() ? "no machine code" : "machine code for " + listed("sm_", machine))
        + " and "
        + (intermediate.isEmpty() ? "no PTX" : "PTX of " + listed("compute_", intermediate));
  }

  private static String listed(String prefix, Set<Integer> architectures) {
    return architectures.stream().map(sm -> prefix + sm).collect(Collectors.joining(", "));
  }
}
