package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of an operator and the rows that want its value. A row wants it if it does where the call
 * stands once; of a branch that it does not take, nothing is computed and nothing can fail.
 *
 * @param call the call
 * @param places for each place where it stands, the rows that want it there
 */
record Wanted(DerivativeExpression call, List<Guard> places) {
  Wanted {
    places = List.copyOf(places);
  }

  /**
   * The calls of an operator that can be computed next, each once, from left to right: those that
   * have no call in their arguments, nor in the conditions that decide about them.
   */
  static List<Wanted> next(LogicalPlan plan) {
    Map<Expression, DerivativeExpression> calls = new LinkedHashMap<>();
    Map<Expression, List<Guard>> places = new LinkedHashMap<>();
    Branches branches =
        new Branches(
            (call, rows) -> {
              calls.putIfAbsent(call.canonicalized(), call);
              places.computeIfAbsent(call.canonicalized(), key -> new ArrayList<>()).add(rows);
            });
    CollectionConverters.asJava(plan.expressions()).forEach(e -> branches.visit(e, Guard.ALL));
    List<Wanted> all = new ArrayList<>();
    calls.forEach((key, call) -> all.add(new Wanted(call, Guard.widest(places.get(key)))));
    List<Wanted> ready = all.stream().filter(Wanted::isDecided).toList();
    // Two calls may decide about each other, in different branches: then more rows are computed.
    return ready.isEmpty() ? all.stream().map(Wanted::withoutCalls).toList() : ready;
  }

  private boolean isDecided() {
    return withoutCalls().equals(this);
  }

  /** This call for more rows: conditions that have calls are left out. */
  private Wanted withoutCalls() {
    return new Wanted(call, places.stream().map(Guard::withoutCalls).toList());
  }

  /** The call over rows of a plan, with arguments that are null in rows that do not want it. */
  DerivativeExpression over(LogicalPlan plan) {
    List<Expression> any = new ArrayList<>();
    for (Guard rows : places) {
      Optional<Expression> condition = rows.over(plan).condition();
      if (condition.isEmpty()) {
        return call;
      }
      any.add(condition.get());
    }
    return any.stream().reduce(Or::new).map(call::where).orElse(call);
  }
}
