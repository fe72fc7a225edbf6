package dev.tangents.job.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.Wrt;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.RowSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.Quantity;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which quantity the flags of a command mean, and which of them do not go together. */
final class RowRules {
  private final Configuration configuration;

  RowRules(Configuration configuration) {
    this.configuration = configuration;
  }

  Quantity jacobian() {
    boolean projected = isSet(RowSettings.PROJECT);
    if (!projected) {
      requireUnset(RowSettings.SEED, "--project");
    }
    if (configuration.get(RowSettings.WRT) == Wrt.INPUTS) {
      requireUnset(Settings.PARAMS, "--wrt params");
      requireUnset(RowSettings.PROJECT, "--wrt params");
      return Quantity.INPUT_JACOBIAN;
    }
    requireUnset(RowSettings.MODE, "--wrt inputs; by parameters the mode is reverse");
    return projected ? Quantity.PROJECTED_JACOBIAN : Quantity.PARAMETER_JACOBIAN;
  }

  Quantity hessian() {
    boolean diagonal = configuration.get(RowSettings.DIAGONAL);
    boolean laplacian = configuration.get(RowSettings.LAPLACIAN);
    if (!diagonal && !laplacian) {
      return Quantity.HESSIAN;
    }
    if (diagonal && laplacian) {
      throw both("diagonal, laplacian", "The Laplacian is the sum of the diagonal");
    }
    requireUnset(RowSettings.ORDER, "the full Hessian");
    return diagonal ? Quantity.HESSIAN_DIAGONAL : Quantity.LAPLACIAN;
  }

  private static TangentsException both(String flags, String advice) {
    return TangentsException.user("%s: both were given; expected one. %s", flags, advice);
  }

  Quantity hvp() {
    if (configuration.get(RowSettings.WRT) == Wrt.PARAMS) {
      requireUnset(RowSettings.TANGENT, "--wrt inputs; by parameters give --direction");
      requireUnset(RowSettings.COTANGENT, "--wrt inputs; by parameters a --loss is differentiated");
      return Quantity.PARAMETER_HVP;
    }
    for (Setting<?> setting :
        new Setting<?>[] {
          RowSettings.DIRECTION,
          RowSettings.LOSS,
          RowSettings.DELTA,
          RowSettings.WEIGHT,
          Settings.LABEL,
          Settings.PARAMS
        }) {
      requireUnset(setting, "--wrt params");
    }
    return Quantity.HVP;
  }

  Quantity gradient() {
    boolean perSample = configuration.get(RowSettings.PER_SAMPLE);
    boolean norms = configuration.get(RowSettings.NORMS);
    if (!perSample && !norms) {
      return Quantity.GRADIENT;
    }
    if (perSample && norms) {
      throw both("per-sample, norms", "Use derive for both in one pass");
    }
    requireUnset(RowSettings.CLIP, "the gradient of the mean loss");
    return perSample ? Quantity.PER_SAMPLE_GRADIENTS : Quantity.GRADIENT_NORMS;
  }

  /** Looks for flags that none of the quantities takes. */
  void derive(Set<Quantity> quantities) {
    Map<Setting<?>, Set<Quantity>> takers = new LinkedHashMap<>();
    takers.put(RowSettings.MODE, EnumSet.of(Quantity.INPUT_JACOBIAN));
    takers.put(RowSettings.ORDER, EnumSet.of(Quantity.HESSIAN));
    takers.put(RowSettings.PROJECT, EnumSet.of(Quantity.PROJECTED_JACOBIAN));
    takers.put(RowSettings.SEED, EnumSet.of(Quantity.PROJECTED_JACOBIAN));
    takers.put(RowSettings.TANGENT, EnumSet.of(Quantity.JVP, Quantity.HVP));
    takers.put(RowSettings.COTANGENT, EnumSet.of(Quantity.VJP, Quantity.HVP));
    takers.put(RowSettings.DIRECTION, EnumSet.of(Quantity.PARAMETER_HVP));
    takers.put(RowSettings.CLIP, EnumSet.of(Quantity.GRADIENT));
    Set<Quantity> losses = takers(Quantity::ofLoss);
    for (Setting<?> setting :
        List.of(RowSettings.LOSS, Settings.LABEL, RowSettings.DELTA, RowSettings.WEIGHT)) {
      takers.put(setting, losses);
    }
    takers.put(Settings.PARAMS, takers(Quantity::byParameters));
    takers.forEach((setting, those) -> requireTaker(setting, quantities, those));
  }

  /** Looks for flags that the loss does not take. */
  void loss(LossKind kind) {
    if (kind != LossKind.HUBER) {
      requireUnset(RowSettings.DELTA, "--loss huber");
    }
    if (!kind.hasTarget()) {
      requireUnset(Settings.LABEL, "a loss that has a target");
    }
  }

  private void requireTaker(Setting<?> setting, Set<Quantity> quantities, Set<Quantity> takers) {
    if (quantities.stream().noneMatch(takers::contains)) {
      requireUnset(
          setting,
          "--quantities that have "
              + takers.stream().map(Quantity::label).collect(Collectors.joining(" or ")));
    }
  }

  private static Set<Quantity> takers(Predicate<Quantity> takes) {
    return Quantity.written().stream()
        .filter(takes)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Quantity.class)));
  }

  private boolean isSet(Setting<?> setting) {
    Configuration.Value value = configuration.values().get(setting.key());
    return value != null && !value.text().equals(setting.standard().orElse(null));
  }

  private void requireUnset(Setting<?> setting, String with) {
    if (isSet(setting)) {
      Configuration.Value value = configuration.values().get(setting.key());
      throw TangentsException.user(
          "%s: '%s' (%s) has a meaning only with %s. Leave one of the two out",
          setting.key(), value.text(), value.origin(), with);
    }
  }
}
