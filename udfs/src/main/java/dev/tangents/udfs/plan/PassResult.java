package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.Result;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of a call's quantity.
 *
 * @param function its name
 * @param needed places of the columns that it takes: one null among them makes its value null
 * @param result what its quantity becomes
 */
record PassResult(String function, List<Integer> needed, Result result) implements Serializable {
  PassResult {
    needed = List.copyOf(needed);
  }

  /** Whether it has a value in a row with these numbers, null where a column is null. */
  boolean isComputed(List<double[]> inputs) {
    for (int place : needed) {
      if (inputs.get(place) == null) {
        return false;
      }
    }
    return true;
  }

  /** The results of a pass, in the order of its calls. */
  static List<PassResult> of(List<DerivativeExpression> calls, List<List<Integer>> needed) {
    List<PassResult> results = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      DerivativeExpression call = calls.get(i);
      results.add(new PassResult(call.function().name(), needed.get(i), call.result()));
    }
    return results;
  }
}
