package dev.tangents.ir;

import dev.tangents.error.TangentsException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The trained numbers of a model, by parameter name, in double. A model file with float weights is
 * widened, which is exact. Immutable: {@link #of} checks every number and copies the map, and holds
 * the literals, which are immutable themselves.
 */
public final class Weights {
  private final Map<String, Literal> values;

  private Weights(Map<String, Literal> values) {
    this.values = values;
  }

  /** No parameters at all. */
  public static Weights none() {
    return new Weights(Map.of());
  }

  /**
   * Weights from literals, in the map's order.
   *
   * @throws TangentsException if a number is NaN or infinite, naming the parameter and its position
   */
  public static Weights of(Map<String, Literal> values) {
    values.forEach(Weights::requireFinite);
    return new Weights(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
  }

  /** Names, in the model's order. */
  public Set<String> names() {
    return values.keySet();
  }

  /**
   * The numbers of one parameter.
   *
   * @throws TangentsException if there is no such parameter
   */
  public Literal get(String name) {
    Literal literal = values.get(name);
    if (literal == null) {
      throw TangentsException.model(
          "Weights: no parameter '%s'; the model has %s", name, values.keySet());
    }
    return literal;
  }

  /**
   * Checks that every parameter of a graph is here, with its shape.
   *
   * @throws TangentsException of category MODEL if one is not, naming it
   */
  public void requireFor(Graph graph) {
    for (Node.Parameter parameter : graph.parameters()) {
      Shape stored = get(parameter.name()).type().shape();
      if (!stored.equals(parameter.type().shape())) {
        throw TangentsException.model(
            "Parameter '%s': the graph expects %s, the weights have %s",
            parameter.name(), parameter.type().shape(), stored);
      }
    }
  }

  private static void requireFinite(String name, Literal literal) {
    double[] numbers = literal.isSplat() ? new double[] {literal.first()} : literal.toArray();
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw TangentsException.model(
            "Parameter '%s' %s: element %d is %s; every weight must be a finite number. Retrain or repair"
                + " the model file",
            name, literal.type().shape(), i, numbers[i]);
      }
    }
  }
}
