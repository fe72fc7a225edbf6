package dev.tangents.udfs.plan;

import dev.tangents.exec.Precision;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.function.Constants;
import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.model.ModelSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * Calls that one pass through a network computes: of one model, read in one way, at one column of
 * features, and of any other input of the pass one column each.
 */
final class Fusion {
  private record Key(ModelSpec model, String parameters, Precision precision, String bytes) {}

  /** A column of a sample, and what its numbers mean, which for a target the loss decides. */
  private record Input(Expression column, String meaning) {}

  private final Key key;
  private final Map<SampleInput, Input> inputs;
  private final List<DerivativeExpression> calls = new ArrayList<>();

  private Fusion(Key key, Map<SampleInput, Input> inputs) {
    this.key = key;
    this.inputs = inputs;
  }

  /** Puts calls together, those that are equal once. */
  static List<List<DerivativeExpression>> of(List<DerivativeExpression> calls) {
    List<Fusion> fusions = new ArrayList<>();
    for (DerivativeExpression call : calls) {
      Constants constants = call.constants();
      Key key =
          new Key(
              constants.model(),
              constants.options().parameters(),
              call.precision(),
              constants.options().binaryType().name());
      Map<SampleInput, Input> inputs = inputs(call, constants);
      Fusion fusion = fusions.stream().filter(f -> f.admits(key, inputs)).findFirst().orElse(null);
      if (fusion == null) {
        fusion = new Fusion(key, new HashMap<>());
        fusions.add(fusion);
      }
      fusion.add(call, inputs);
    }
    return fusions.stream().map(fusion -> List.copyOf(fusion.calls)).toList();
  }

  private boolean admits(Key other, Map<SampleInput, Input> others) {
    return key.equals(other)
        && others.entrySet().stream()
            .allMatch(e -> same(inputs.getOrDefault(e.getKey(), e.getValue()), e.getValue()));
  }

  private void add(DerivativeExpression call, Map<SampleInput, Input> others) {
    inputs.putAll(others);
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
