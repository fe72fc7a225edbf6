package dev.tangents.job.rows;

import static dev.tangents.job.config.RowSettings.CLIP;
import static dev.tangents.job.config.RowSettings.COTANGENT;
import static dev.tangents.job.config.RowSettings.DELTA;
import static dev.tangents.job.config.RowSettings.DIAGONAL;
import static dev.tangents.job.config.RowSettings.DIRECTION;
import static dev.tangents.job.config.RowSettings.LAPLACIAN;
import static dev.tangents.job.config.RowSettings.LOSS;
import static dev.tangents.job.config.RowSettings.MODE;
import static dev.tangents.job.config.RowSettings.NORMS;
import static dev.tangents.job.config.RowSettings.ORDER;
import static dev.tangents.job.config.RowSettings.PER_SAMPLE;
import static dev.tangents.job.config.RowSettings.PROJECT;
import static dev.tangents.job.config.RowSettings.QUANTITIES;
import static dev.tangents.job.config.RowSettings.SEED;
import static dev.tangents.job.config.RowSettings.TANGENT;
import static dev.tangents.job.config.RowSettings.WEIGHT;
import static dev.tangents.job.config.RowSettings.WRT;
import static dev.tangents.job.config.Settings.LABEL;
import static dev.tangents.job.config.Settings.PARAMS;

import dev.tangents.job.config.RowSettings;
import dev.tangents.job.config.Setting;
import java.util.List;
import java.util.Locale;

/** The commands that differentiate at every sample. */
public enum RowCommand {
  /** df/dx or df/dtheta. */
  JACOBIAN("Jacobian of each sample, by its features or by the parameters."),
  /** det df/dx. */
  DETERMINANT("Determinant of each sample's Jacobian by its features: sign, logarithm, value."),
  /** d2f/dx2. */
  HESSIAN("Hessian by the features, of each output at each sample; its diagonal; its trace."),
  /** J v. */
  JVP("Jacobian-vector product J v of each sample."),
  /** J^T w. */
  VJP("Vector-Jacobian product J^T w of each sample."),
  /** H v. */
  HVP("Hessian-vector product H v, by the features of each sample or by the parameters."),
  /** dL/dtheta. */
  GRADIENT("Gradient of a loss by the parameters: of the mean, of each sample, or norms alone."),
  /** Several of them. */
  DERIVE("Several quantities in one pass over the data and the network.");

  private final String summary;

  RowCommand(String summary) {
    this.summary = summary;
  }

  /** The word after {@code tangents}. */
  public String command() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One line for the list of commands. */
  public String summary() {
    return summary;
  }

  /** The settings that it has flags for. */
  public List<Setting<?>> settings() {
    return switch (this) {
      case JACOBIAN -> RowSettings.of(WRT, MODE, PARAMS, PROJECT, SEED);
      case DETERMINANT -> RowSettings.of();
      case HESSIAN -> RowSettings.of(DIAGONAL, LAPLACIAN, ORDER);
      case JVP -> RowSettings.of(TANGENT);
      case VJP -> RowSettings.of(COTANGENT);
      case HVP ->
          RowSettings.of(WRT, TANGENT, COTANGENT, PARAMS, DIRECTION, LOSS, LABEL, DELTA, WEIGHT);
      case GRADIENT -> RowSettings.of(LOSS, LABEL, DELTA, WEIGHT, PARAMS, PER_SAMPLE, NORMS, CLIP);
      case DERIVE ->
          RowSettings.of(
              QUANTITIES,
              PARAMS,
              MODE,
              ORDER,
              PROJECT,
              SEED,
              TANGENT,
              COTANGENT,
              DIRECTION,
              LOSS,
              LABEL,
              DELTA,
              WEIGHT,
              CLIP);
    };
  }
}
