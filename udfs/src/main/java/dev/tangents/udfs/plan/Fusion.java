package dev.tangents.udfs.plan;

import dev.tangents.exec.Precision;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.function.Constants;
import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.sample.BinaryType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * Calls that one pass through a network computes: of one model, read in one way, at one column of
 * features, by the same parameters if by any, and of any other input of the pass one column each.
 */
final class Fusion {
  private record Key(ModelSpec model, Precision precision, BinaryType bytes) {}

  /** A column of a sample, and what its numbers mean, which for a target the loss decides. */
  private record Input(Expression column, String meaning) {}

  /**
   * What calls want of their pass.
   *
   * @param parameters patterns of those that are differentiated by; empty if none are
   */
  private record Claim(Key key, Optional<String> parameters, Map<SampleInput, Input> inputs) {
    static Claim of(DerivativeExpression call) {
      Constants constants = call.constants();
      Key key = new Key(constants.model(), call.precision(), constants.options().binaryType());
      return new Claim(key, constants.parameters(), Fusion.inputs(call, constants));
    }

    boolean agrees(Claim other) {
      return key.equals(other.key)
          && (parameters.isEmpty()
              || other.parameters.isEmpty()
              || parameters.equals(other.parameters))
          && other.inputs.entrySet().stream()
              .allMatch(e -> same(inputs.getOrDefault(e.getKey(), e.getValue()), e.getValue()));
    }

    Claim and(Claim other) {
      Map<SampleInput, Input> all = new HashMap<>(inputs);
      all.putAll(other.inputs);
      return new Claim(key, parameters.or(other::parameters), all);
    }
  }

  private final List<DerivativeExpression> calls = new ArrayList<>();
  private Claim claim;

  private Fusion(Claim claim) {
    this.claim = claim;
  }

  /** Puts calls together, those that are equal once. */
  static List<List<DerivativeExpression>> of(List<DerivativeExpression> calls) {
    List<Fusion> fusions = new ArrayList<>();
    for (DerivativeExpression call : calls) {
      Claim claim = Claim.of(call);
      Fusion fusion = fusions.stream().filter(f -> f.claim.agrees(claim)).findFirst().orElse(null);
      if (fusion == null) {
        fusion = new Fusion(claim);
        fusions.add(fusion);
      }
      fusion.add(call, claim);
    }
    return fusions.stream().map(fusion -> List.copyOf(fusion.calls)).toList();
  }

  private void add(DerivativeExpression call, Claim more) {
    claim = claim.and(more);
    if (calls.stream().noneMatch(known -> known.semanticEquals(call))) {
      calls.add(call);
    }
  }

  private static boolean same(Input one, Input other) {
    return one.meaning().equals(other.meaning())
        && (one.column() == other.column() || one.column().semanticEquals(other.column()));
  }

  private static Map<SampleInput, Input> inputs(DerivativeExpression call, Constants constants) {
    Map<SampleInput, Input> inputs = new HashMap<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      Expression column = call.arguments().get(i);
      call.form()
          .argument(i)
          .content()
          .ifPresent(
              content ->
                  inputs.put(
                      content,
                      new Input(
                          column,
                          content == SampleInput.TARGET
                              ? constants.request().loss().kind().name()
                              : "")));
    }
    return inputs;
  }
}
