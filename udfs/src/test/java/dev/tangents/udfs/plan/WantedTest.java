package dev.tangents.udfs.plan;

import static dev.tangents.udfs.plan.Catalyst.call;
import static dev.tangents.udfs.plan.Catalyst.literal;
import static dev.tangents.udfs.plan.Catalyst.positive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.Rand;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.Max;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.junit.jupiter.api.Test;
import scala.Option;

/** Which calls are computed next, and for which rows. */
class WantedTest {
  private static final AttributeReference A = Catalyst.flag("a");
  private static final AttributeReference X = Catalyst.vector("x");
  private static final AttributeReference Y = Catalyst.vector("y");
  private static final DerivativeExpression P = call("predict", X);
  private static final DerivativeExpression Q = call("predict", Y);
  private static final Expression NO = Literal.FalseLiteral();

  private static List<Wanted> next(Expression... columns) {
    List<NamedExpression> aliases = Stream.of(columns).map(WantedTest::alias).toList();
    return Wanted.next(new Project(Output.seq(aliases), Catalyst.table(A, X, Y)));
  }

  private static NamedExpression alias(Expression column) {
    return new Alias(
        column,
        "column",
        NamedExpression.newExprId(),
        Output.seq(List.<String>of()),
        Option.empty(),
        Output.seq(List.<String>of()));
  }

  private static Wanted everywhere(DerivativeExpression call) {
    return new Wanted(call, List.of(Guard.ALL));
  }

  private static Wanted where(DerivativeExpression call, Expression... conditions) {
    return new Wanted(call, List.of(new Guard(List.of(conditions))));
  }

  private static Expression isTrue(Expression condition) {
    return new EqualNullSafe(condition, Literal.TrueLiteral());
  }

  @Test
  void eachOnceFromLeftToRight() {
    DerivativeExpression jacobian = call("jacobian", X);
    assertEquals(
        List.of(everywhere(Q), everywhere(jacobian), everywhere(P)),
        next(Q, jacobian, positive(Q), P, jacobian));
    assertEquals(List.of(), next(X, A));
  }

  @Test
  void whatStandsInArgumentsComesFirst() {
    assertEquals(
        List.of(everywhere(P)), next(call("jvp", X, P), call("predict", call("predict", P))));
  }

  @Test
  void aBranchIsForItsRows() {
    assertEquals(
        List.of(where(P, isTrue(A)), where(Q, new Not(isTrue(A)))),
        next(new If(A, positive(P), positive(Q))));
  }

  @Test
  void aCallThatDecidesComesFirst() {
    assertEquals(List.of(everywhere(P)), next(new If(positive(P), positive(Q), NO)));
  }

  /** Neither can be first, so both are computed for more rows than want them. */
  @Test
  void ofTwoThatDecideAboutEachOtherNeitherDoes() {
    Expression there = new If(positive(P), positive(Q), NO);
    Expression back = new If(positive(Q), positive(P), NO);
    Guard yes = new Guard(List.of(isTrue(A)));
    Guard not = new Guard(List.of(new Not(isTrue(A))));
    assertEquals(
        List.of(new Wanted(P, List.of(yes, not)), new Wanted(Q, List.of(yes, not))),
        next(new If(A, there, back)));
  }

  @Test
  void allRowsIncludeThoseOfABranch() {
    assertEquals(List.of(everywhere(P)), next(new If(A, positive(P), NO), positive(P)));
    assertEquals(List.of(everywhere(P)), next(positive(P), new If(A, positive(P), NO)));
  }

  /** It would have another value the second time. */
  @Test
  void chanceSparesNoRow() {
    Expression chance = new LessThan(new Rand(literal(1L)), literal(0.5));
    assertEquals(List.of(everywhere(P)), next(new If(chance, positive(P), NO)));
  }

  @Test
  void aggregatesTakeRowsWhateverIsAskedOfThem() {
    AggregateExpression max = new Max(positive(P)).toAggregateExpression(false, Option.empty());
    assertEquals(List.of(everywhere(P)), next(new If(A, max, NO)));
  }

  @Test
  void aFilterOfAnAggregateSparesRows() {
    Expression max = new Max(positive(P)).toAggregateExpression(false, Option.apply(A));
    assertEquals(List.of(where(P, isTrue(A))), next(new If(positive(Q), max, NO)).subList(1, 2));
    Expression decided =
        new Max(positive(P)).toAggregateExpression(false, Option.apply(positive(Q)));
    assertEquals(List.of(everywhere(Q)), next(decided), "the call in the filter comes first");
  }

  @Test
  void argumentsAreNullInRowsThatDoNotWantIt() {
    LogicalPlan table = Catalyst.table(A, X);
    Expression none = Literal.create((Object) null, X.dataType());
    assertEquals(call("predict", new If(isTrue(A), X, none)), where(P, isTrue(A)).over(table));
    Wanted either =
        new Wanted(P, List.of(new Guard(List.of(isTrue(A))), new Guard(List.of(new Not(A)))));
    assertEquals(
        call("predict", new If(new Or(isTrue(A), new Not(A)), X, none)), either.over(table));
    assertSame(P, where(P, isTrue(A)).over(Catalyst.table(X)), "a has no column there");
    assertSame(P, everywhere(P).over(table));
  }
}
