package dev.tangents.rows;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be computed of every sample. */
public enum Quantity {
  /** J[o, i] = df_o / dx_i. */
  INPUT_JACOBIAN,
  /** df_o / dtheta, for each output and parameter. */
  PARAMETER_JACOBIAN,
  /** R df_o / dtheta, [k], with R a random matrix that is never formed. */
  PROJECTED_JACOBIAN,
  /** Sign, ln |.| and value of det df/dx. */
  DETERMINANT,
  /** H_o[i, j] = d2 f_o / dx_i dx_j. */
  HESSIAN,
  /** d2 f_o / dx_i^2. */
  HESSIAN_DIAGONAL,
  /** sum_i d2 f_o / dx_i^2. */
  LAPLACIAN,
  /** J v. */
  JVP,
  /** J^T w. */
  VJP,
  /** H_o v, or sum_o w_o H_o v. */
  HVP,
  /** The Hessian of the mean loss by the parameters, times a direction. */
  PARAMETER_HVP,
  /** The gradient of the mean loss by the parameters. */
  GRADIENT,
  /** The loss of each sample and its gradient by each parameter. */
  PER_SAMPLE_GRADIENTS,
  /** The loss of each sample and the norm of its gradient. */
  GRADIENT_NORMS,
  /** f(x), [O]. */
  OUTPUTS,
  /** The loss of each sample, without its gradient. */
  LOSS,
  /** R dL/dtheta, [k], of each sample's loss L. */
  PROJECTED_LOSS_GRADIENT,
  /** The Frobenius norm of df/dtheta. */
  PARAMETER_NORM,
  /** sum_o &lt;df_o/dtheta (x), df_o/dtheta (y)&gt; of a pair of samples. */
  PAIR_KERNEL,
  /** The sum over all samples of df_o/dtheta. */
  PARAMETER_JACOBIAN_SUM;

  private static final Set<Quantity> SQL_ALONE = EnumSet.range(OUTPUTS, PARAMETER_JACOBIAN_SUM);

  /** The quantities that commands over rows write; the others are for functions of SQL alone. */
  public static List<Quantity> written() {
    return Arrays.stream(values()).filter(quantity -> !SQL_ALONE.contains(quantity)).toList();
  }

  /** The quantity's name for users, in kebab case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is a sum over all samples, not a record of each. */
  public boolean summed() {
    return this == GRADIENT || this == PARAMETER_HVP || this == PARAMETER_JACOBIAN_SUM;
  }

  /** Whether it is a loss or a derivative of one. */
  public boolean ofLoss() {
    return switch (this) {
      case GRADIENT,
          PARAMETER_HVP,
          PER_SAMPLE_GRADIENTS,
          GRADIENT_NORMS,
          LOSS,
          PROJECTED_LOSS_GRADIENT ->
          true;
      default -> false;
    };
  }

  /** Whether it is a derivative by the parameters. */
  public boolean byParameters() {
    return switch (this) {
      case PARAMETER_JACOBIAN,
          PROJECTED_JACOBIAN,
          PARAMETER_NORM,
          PAIR_KERNEL,
          PARAMETER_JACOBIAN_SUM ->
          true;
      default -> ofLoss() && this != LOSS;
    };
  }

  /** Whether a record belongs to one output. */
  public boolean byOutput() {
    return switch (this) {
      case PARAMETER_JACOBIAN, PROJECTED_JACOBIAN, HESSIAN, HESSIAN_DIAGONAL, LAPLACIAN -> true;
      default -> false;
    };
  }
}
