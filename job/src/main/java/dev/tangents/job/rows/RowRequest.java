package dev.tangents.job.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.Mode;
import dev.tangents.job.config.Choices.Wrt;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import java.io.Serializable;
import java.util.List;

/**
 * What is computed for each sample.
 *
 * @param kind which derivative
 * @param wrt what a Jacobian is taken by
 * @param mode how a Jacobian by inputs is computed
 * @param parameters patterns of parameter names
 * @param diagonal whether a Hessian's diagonal is all that is wanted
 * @param directions the vector of a JVP or VJP; none otherwise
 */
public record RowRequest(
    RowKind kind,
    Wrt wrt,
    Mode mode,
    String parameters,
    boolean diagonal,
    List<Direction> directions)
    implements Serializable {

  /**
   * What the configuration asks for.
   *
   * @throws TangentsException of category USER for settings that do not go together
   */
  public static RowRequest of(RowKind kind, Configuration configuration) {
    Wrt wrt = kind == RowKind.JACOBIAN ? configuration.get(Settings.WRT) : Wrt.INPUTS;
    if (kind == RowKind.JACOBIAN && wrt == Wrt.PARAMS) {
      requireUnset(configuration, Settings.MODE, "--wrt inputs; by parameters the mode is reverse");
    } else if (kind == RowKind.JACOBIAN) {
      requireUnset(configuration, Settings.PARAMS, "--wrt params");
    }
    return new RowRequest(
        kind,
        wrt,
        configuration.get(Settings.MODE),
        configuration.get(Settings.PARAMS),
        configuration.get(Settings.DIAGONAL),
        switch (kind) {
          case JVP -> List.of(Direction.of(configuration, Settings.TANGENT));
          case VJP -> List.of(Direction.of(configuration, Settings.COTANGENT));
          case JACOBIAN, HESSIAN -> List.of();
        });
  }

  /** The same with a mode that is decided. */
  public RowRequest withMode(Mode decided) {
    return new RowRequest(kind, wrt, decided, parameters, diagonal, directions);
  }

  /** Whether a record belongs to one output. */
  public boolean byOutput() {
    return kind == RowKind.HESSIAN || wrt == Wrt.PARAMS;
  }

  /** Whether every sample has a direction of its own. */
  public boolean directed() {
    return directions.stream().anyMatch(Direction::perSample);
  }

  private static void requireUnset(Configuration configuration, Setting<?> setting, String with) {
    Configuration.Value value = configuration.values().get(setting.key());
    if (!value.text().equals(setting.standard().orElse(""))) {
      throw TangentsException.user(
          "%s: '%s' (%s) has a meaning only with %s. Leave one of the two out",
          setting.key(), value.text(), value.origin(), with);
    }
  }
}
