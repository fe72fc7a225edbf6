package dev.tangents.udfs.plan;

import static dev.tangents.udfs.plan.Catalyst.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Any expression of IF, CASE, COALESCE, AND, OR, NOT over columns and calls, at any row: the calls
 * that an evaluation reaches are computed there.
 */
class WantedRowsTest {
  private static final List<AttributeReference> FLAGS =
      List.of(Catalyst.flag("a"), Catalyst.flag("b"), Catalyst.flag("c"));
  private static final AttributeReference X = Catalyst.vector("x");
  private static final List<DerivativeExpression> CALLS =
      List.of(call("predict", X), call("jacobian", X), call("hessian", X));
  private static final LogicalPlan TABLE =
      Catalyst.table(FLAGS.get(0), FLAGS.get(1), FLAGS.get(2), X);

  /**
   * Values of the columns and the calls in a row, and the calls that have been evaluated so far.
   *
   * @param values null for SQL's null
   */
  private record Row(List<Boolean> values, Set<DerivativeExpression> reached) {
    Boolean evaluate(Expression expression) {
      if (expression instanceof AttributeReference column) {
        return values.get(FLAGS.indexOf(column));
      } else if (expression instanceof And and) {
        return conjunction(and.left(), and.right(), false);
      } else if (expression instanceof Or or) {
        return conjunction(or.left(), or.right(), true);
      } else if (expression instanceof Not not) {
        Boolean value = evaluate(not.child());
        return value == null ? null : !value;
      } else if (expression instanceof If branches) {
        boolean taken = Boolean.TRUE.equals(evaluate(branches.predicate()));
        return evaluate(taken ? branches.trueValue() : branches.falseValue());
      } else if (expression instanceof CaseWhen cases) {
        for (Tuple2<Expression, Expression> branch :
            CollectionConverters.asJava(cases.branches())) {
          if (Boolean.TRUE.equals(evaluate(branch._1()))) {
            return evaluate(branch._2());
          }
        }
        return cases.elseValue().isEmpty() ? null : evaluate(cases.elseValue().get());
      } else if (expression instanceof Coalesce coalesce) {
        Boolean value = null;
        for (int i = 0; value == null && i < coalesce.children().size(); i++) {
          value = evaluate(coalesce.children().apply(i));
        }
        return value;
      }
      return called(expression);
    }

    /** AND, whose value is decided by false, or OR, whose value is decided by true. */
    private Boolean conjunction(Expression left, Expression right, Boolean decides) {
      Boolean first = evaluate(left);
      if (decides.equals(first)) {
        return decides;
      }
      Boolean second = evaluate(right);
      return (first == null && !decides.equals(second)) ? null : second;
    }

    private Boolean called(Expression test) {
      for (int i = 0; i < CALLS.size(); i++) {
        DerivativeExpression call = CALLS.get(i);
        if (Calls.any(test, call::equals)) {
          reached.add(call);
          return values.get(FLAGS.size() + i);
        }
      }
      throw new AssertionError(test);
    }
  }

  private static Set<DerivativeExpression> reached(Expression expression, List<Boolean> values) {
    Set<DerivativeExpression> reached = new HashSet<>();
    new Row(values, reached).evaluate(expression);
    return reached;
  }

  /** Whether the call is computed in a row. */
  private static boolean isComputed(Wanted wanted, List<Boolean> values) {
    if (!(wanted.over(TABLE).arguments().get(1) instanceof If guarded)) {
      return true;
    }
    InternalRow row =
        new GenericInternalRow(new Object[] {values.get(0), values.get(1), values.get(2), null});
    return new InterpretedMutableProjection(
            Output.seq(List.of(guarded.predicate())), TABLE.output())
        .apply(row)
        .getBoolean(0);
  }

  @Property(tries = 1000)
  void whatIsReachedIsComputed(
      @ForAll("expressions") Expression expression, @ForAll("rows") List<Boolean> values) {
    List<Wanted> next = Wanted.next(new Filter(expression, TABLE));
    assertEquals(Calls.in(expression), !next.isEmpty(), "some call can be computed");
    Set<DerivativeExpression> reached = reached(expression, values);
    for (Wanted wanted : next) {
      assertTrue(!reached.contains(wanted.call()) || isComputed(wanted, values));
    }
  }

  @Property(tries = 1000)
  void whereNoCallDecidesNothingElseIs(
      @ForAll("branches") Expression expression, @ForAll("rows") List<Boolean> values) {
    Set<DerivativeExpression> computed = new HashSet<>();
    for (Wanted wanted : Wanted.next(new Filter(expression, TABLE))) {
      if (isComputed(wanted, values)) {
        computed.add(wanted.call());
      }
    }
    assertEquals(reached(expression, values), computed);
  }

  /** For each flag and each call. */
  @Provide
  Arbitrary<List<Boolean>> rows() {
    return Arbitraries.of(true, false).injectNull(0.3).list().ofSize(6);
  }

  /** Calls anywhere. */
  @Provide
  Arbitrary<Expression> expressions() {
    Arbitrary<Expression> leaves = Arbitraries.oneOf(flags(), calls());
    return Arbitraries.recursive(() -> leaves, some -> made(some, some), 0, 3);
  }

  /** Calls in branches alone, not in what decides about them. */
  @Provide
  Arbitrary<Expression> branches() {
    Arbitrary<Expression> conditions =
        Arbitraries.recursive(this::flags, some -> made(some, some), 0, 2);
    return Arbitraries.recursive(this::calls, some -> made(conditions, some), 1, 3);
  }

  private Arbitrary<Expression> flags() {
    return Arbitraries.of(FLAGS).map(flag -> flag);
  }

  private Arbitrary<Expression> calls() {
    return Arbitraries.of(CALLS).map(Catalyst::positive);
  }

  private static Arbitrary<Expression> made(
      Arbitrary<Expression> conditions, Arbitrary<Expression> values) {
    return Arbitraries.oneOf(
        Combinators.combine(conditions, values).as(And::new),
        Combinators.combine(conditions, values).as(Or::new),
        Combinators.combine(conditions, values)
            .as((first, second) -> new Coalesce(Output.seq(List.of(first, second)))),
        values.map(Not::new),
        Combinators.combine(conditions, values, values).as(If::new),
        Combinators.combine(conditions, values, conditions, values, values.optional())
            .as(
                (first, one, second, other, last) ->
                    new CaseWhen(
                        Output.seq(List.of(new Tuple2<>(first, one), new Tuple2<>(second, other))),
                        Option.apply(last.orElse(null)))));
  }
}
