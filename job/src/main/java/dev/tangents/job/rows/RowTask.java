package dev.tangents.job.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Nearest;
import dev.tangents.job.config.RowSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.rows.Direction;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.Quantity;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.RowRequest.LossRequest;
import dev.tangents.rows.SampleInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a command over rows is asked for.
 *
 * @param command which command
 * @param requests the quantities, none twice
 * @param parameters patterns of parameter names
 * @param columns columns that are read beside the features, by what they are
 * @param direction where the direction of an HVP by parameters lies
 */
public record RowTask(
    RowCommand command,
    List<RowRequest> requests,
    String parameters,
    Map<SampleInput, String> columns,
    Optional<String> direction) {

  /**
   * What the configuration asks for.
   *
   * @throws TangentsException of category USER for settings that are missing or do not go together
   */
  public static RowTask of(RowCommand command, Configuration configuration) {
    Map<SampleInput, String> columns = new LinkedHashMap<>();
    List<RowRequest> requests = new ArrayList<>();
    List<Quantity> quantities = quantities(command, configuration);
    for (Quantity quantity : quantities) {
      requests.add(request(quantity, configuration, columns));
    }
    Optional<String> direction =
        quantities.contains(Quantity.PARAMETER_HVP)
            ? Optional.of(configuration.get(RowSettings.DIRECTION))
            : Optional.empty();
    return new RowTask(command, requests, configuration.get(Settings.PARAMS), columns, direction);
  }

  /** Whether every quantity goes to a folder of its own. */
  public boolean several() {
    return command == RowCommand.DERIVE;
  }

  /** The folder of a quantity's files, in that of the run. */
  public String folder(Quantity quantity) {
    return several() ? quantity.label() : "data";
  }

  /** The loss that is reported, if one is taken. */
  public Optional<LossRequest> loss() {
    return requests.stream()
        .filter(request -> request.quantity().ofLoss())
        .map(RowRequest::loss)
        .findFirst();
  }

  private static List<Quantity> quantities(RowCommand command, Configuration configuration) {
    RowRules rules = new RowRules(configuration);
    return switch (command) {
      case JACOBIAN -> List.of(rules.jacobian());
      case DETERMINANT -> List.of(Quantity.DETERMINANT);
      case HESSIAN -> List.of(rules.hessian());
      case JVP -> List.of(Quantity.JVP);
      case VJP -> List.of(Quantity.VJP);
      case HVP -> List.of(rules.hvp());
      case GRADIENT -> List.of(rules.gradient());
      case DERIVE -> {
        Set<Quantity> named = named(configuration.get(RowSettings.QUANTITIES));
        rules.derive(named);
        yield List.copyOf(named);
      }
    };
  }

  private static Set<Quantity> named(String list) {
    Map<String, Quantity> known = new LinkedHashMap<>();
    for (Quantity quantity : Quantity.written()) {
      known.put(quantity.label(), quantity);
    }
    Set<Quantity> quantities = new LinkedHashSet<>();
    for (String part : list.split(",", -1)) {
      String name = part.strip();
      if (!known.containsKey(name)) {
        List<String> names = List.copyOf(known.keySet());
        throw TangentsException.user(
            "quantities: '%s' is none; there are %s.%s",
            name,
            String.join(", ", names),
            Nearest.to(name, names).map(near -> " Did you mean '" + near + "'?").orElse(""));
      }
      quantities.add(known.get(name));
    }
    return quantities;
  }

  private static RowRequest request(
      Quantity quantity, Configuration configuration, Map<SampleInput, String> columns) {
    RowRequest request = RowRequest.of(quantity);
    List<Direction> tangent = List.of();
    List<Direction> cotangent = List.of();
    switch (quantity) {
      case INPUT_JACOBIAN -> request = request.withMode(configuration.get(RowSettings.MODE));
      case HESSIAN -> request = request.withOrder(configuration.get(RowSettings.ORDER));
      case PROJECTED_JACOBIAN ->
          request =
              request.withProjection(
                  Math.toIntExact(configuration.get(RowSettings.PROJECT)),
                  configuration.get(RowSettings.SEED));
      case JVP -> tangent = List.of(direction(configuration, SampleInput.TANGENT, columns));
      case VJP -> cotangent = List.of(direction(configuration, SampleInput.COTANGENT, columns));
      case HVP -> {
        tangent = List.of(direction(configuration, SampleInput.TANGENT, columns));
        if (configuration.find(RowSettings.COTANGENT).isPresent()) {
          cotangent = List.of(direction(configuration, SampleInput.COTANGENT, columns));
        }
      }
      case PARAMETER_HVP, GRADIENT, PER_SAMPLE_GRADIENTS, GRADIENT_NORMS ->
          request = request.withLoss(loss(quantity, configuration, columns));
      default -> {}
    }
    return request.withDirections(tangent, cotangent);
  }

  private static LossRequest loss(
      Quantity quantity, Configuration configuration, Map<SampleInput, String> columns) {
    LossKind kind = configuration.get(RowSettings.LOSS);
    new RowRules(configuration).loss(kind);
    if (kind.hasTarget()) {
      columns.put(SampleInput.TARGET, configuration.get(Settings.LABEL));
    }
    Optional<String> weight = configuration.find(RowSettings.WEIGHT);
    weight.ifPresent(column -> columns.put(SampleInput.WEIGHT, column));
    double delta = configuration.get(RowSettings.DELTA);
    double clip = configuration.find(RowSettings.CLIP).orElse(Double.POSITIVE_INFINITY);
    if (!(delta > 0) || !(clip > 0)) {
      throw TangentsException.user(
          "%s: expected a number above 0, got %s. Leave it out, or give a length",
          delta > 0 ? "clip" : "delta", delta > 0 ? clip : delta);
    }
    double bound = quantity == Quantity.GRADIENT ? clip : Double.POSITIVE_INFINITY;
    return new LossRequest(kind, delta, weight.isPresent(), bound);
  }

  /** A text of numbers and commas alone is numbers; any other names a column. */
  private static Direction direction(
      Configuration configuration, SampleInput content, Map<SampleInput, String> columns) {
    Setting<String> setting =
        content == SampleInput.TANGENT ? RowSettings.TANGENT : RowSettings.COTANGENT;
    String text = configuration.get(setting);
    List<Double> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        numbers.add(Double.valueOf(part.strip()));
      } catch (NumberFormatException e) {
        columns.put(content, text);
        return Direction.ofEachSample(setting.key());
      }
    }
    if (!numbers.stream().allMatch(Double::isFinite)) {
      throw TangentsException.user(
          "%s: expected finite numbers, got '%s'. Leave out NaN and infinity", setting.key(), text);
    }
    return new Direction(setting.key(), numbers);
  }
}
