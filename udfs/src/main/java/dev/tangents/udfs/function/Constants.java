package dev.tangents.udfs.function;

import dev.tangents.rows.Direction;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.RowRequest.LossRequest;
import dev.tangents.udfs.model.ModelSpec;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a call says beside columns, which is known before the query runs.
 *
 * @param model which function of which model
 * @param options as they were given
 * @param request what is computed, modes still open
 */
public record Constants(ModelSpec model, Options options, RowRequest request)
    implements Serializable {
  /**
   * Understands the constants of a call.
   *
   * @param values by argument: texts, and numbers for sizes and seeds
   * @throws dev.tangents.error.TangentsException of category USER that says what is wrong
   */
  static Constants of(Form<?> form, Map<Argument, Object> values, Options options) {
    RowRequest request =
        RowRequest.of(form.quantity()).withMode(options.mode()).withOrder(options.order());
    if (values.containsKey(Argument.SIZE)) {
      int size = Math.toIntExact((Long) values.get(Argument.SIZE));
      request = request.withProjection(size, (Long) values.get(Argument.SEED));
    }
    if (values.containsKey(Argument.LOSS)) {
      LossKind kind = Options.choice("loss", LossKind.class, (String) values.get(Argument.LOSS));
      request =
          request.withLoss(new LossRequest(kind, options.delta(), false, Double.POSITIVE_INFINITY));
    }
    request =
        request.withDirections(
            direction(form, Argument.TANGENT), direction(form, Argument.COTANGENT));
    return new Constants(options.model((String) values.get(Argument.MODEL)), options, request);
  }

  /** Patterns of the parameters that are differentiated by; empty if none are. */
  public Optional<String> parameters() {
    return request.quantity().byParameters() ? Optional.of(options.parameters()) : Optional.empty();
  }

  private static List<Direction> direction(Form<?> form, Argument argument) {
    return form.arguments().contains(argument)
        ? List.of(Direction.ofEachSample(argument.label()))
        : List.of();
  }
}
