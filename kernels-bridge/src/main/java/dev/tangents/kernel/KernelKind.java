package dev.tangents.kernel;

import java.util.Locale;

/**
 * What happens to the outputs o, p of K[n, o, m, p] = sum_theta df_o(x_n)/dtheta df_p(x_m)/dtheta.
 */
public enum KernelKind {
  /** K[n, m] = sum_o K[n, o, m, o]: the sum over outputs, not the mean. One block. */
  TRACE,
  /** All of K[n, o, m, p]. O x O blocks. */
  FULL,
  /** K[n, o, m, o] for each o. O blocks. */
  PER_OUTPUT,
  /**
   * The kernel of (1/sqrt O) sum_o f_o, the pseudo-NTK of Mohamadi, Bae and Sutherland (2023): one
   * block, at 1/O of the cost of the trace.
   */
  SUM;

  /** The name on the command line: lower case with dashes. */
  public String flag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
