package dev.tangents.job.rows;

import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import java.util.List;
import java.util.Locale;

/** The commands that write records of each sample. */
public enum RowKind {
  /** J[o, i] = df_o / dx_i, or df_o / dtheta. */
  JACOBIAN("Jacobian of each sample, by its features or by the parameters."),
  /** H_o[i, j] = d2 f_o / dx_i dx_j. */
  HESSIAN("Hessian by the features, of each output at each sample."),
  /** J v, in forward mode. */
  JVP("Jacobian-vector product J v of each sample."),
  /** J^T w, in reverse mode. */
  VJP("Vector-Jacobian product J^T w of each sample.");

  private final String summary;

  RowKind(String summary) {
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
      case JACOBIAN -> Settings.rows(Settings.WRT, Settings.MODE, Settings.PARAMS);
      case HESSIAN -> Settings.rows(Settings.DIAGONAL);
      case JVP -> Settings.rows(Settings.TANGENT);
      case VJP -> Settings.rows(Settings.COTANGENT);
    };
  }
}
