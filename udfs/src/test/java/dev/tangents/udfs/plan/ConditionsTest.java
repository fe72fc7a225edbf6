package dev.tangents.udfs.plan;

import static dev.tangents.udfs.plan.Catalyst.call;
import static dev.tangents.udfs.plan.Catalyst.literal;
import static dev.tangents.udfs.plan.Catalyst.positive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.Rand;
import org.apache.spark.sql.catalyst.plans.Cross$;
import org.apache.spark.sql.catalyst.plans.FullOuter$;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftSemi$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.JoinHint;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.junit.jupiter.api.Test;
import scala.Option;

/** Conditions that are cut in two. */
class ConditionsTest {
  private static final Attribute A = Catalyst.flag("a");
  private static final Attribute B = Catalyst.flag("b");
  private static final Attribute X = Catalyst.vector("x");
  private static final Attribute Y = Catalyst.vector("y");
  private static final LogicalPlan LEFT = Catalyst.table(A, X);
  private static final LogicalPlan RIGHT = Catalyst.table(B, Y);
  private static final Expression OF_X = positive(call("predict", X));
  private static final Expression OF_Y = positive(call("predict", Y));
  private static final Expression OF_BOTH = positive(call("jvp", X, Y));

  private static Join join(JoinType type, Expression condition) {
    return new Join(LEFT, RIGHT, type, Option.apply(condition), JoinHint.NONE());
  }

  @Test
  void cheapTermsAreBelowInTheirOrder() {
    Expression condition = new And(new And(A, OF_X), new And(B, OF_Y));
    assertEquals(
        new Filter(new And(OF_X, OF_Y), new Filter(new And(A, B), LEFT)),
        Conditions.cheapBelow(new Filter(condition, LEFT)));
  }

  @Test
  void whatIsOneTermStaysTogether() {
    Filter dear = new Filter(new And(OF_X, OF_Y), LEFT);
    assertSame(dear, Conditions.cheapBelow(dear));
    Filter either = new Filter(new Or(A, OF_X), LEFT);
    assertSame(either, Conditions.cheapBelow(either));
  }

  /** A generator of random numbers gives the n-th to the n-th row that it sees. */
  @Test
  void chanceSeesTheRowsThatItSaw() {
    Expression chance = new LessThan(new Rand(literal(1L)), literal(0.5));
    Filter filter = new Filter(new And(new And(A, chance), OF_X), LEFT);
    assertSame(filter, Conditions.cheapBelow(filter));
  }

  @Test
  void termsOverBothSidesAreAboveAnInnerJoin() {
    Join join = join(Inner$.MODULE$, new And(new And(OF_X, OF_BOTH), OF_Y));
    assertEquals(
        new Filter(OF_BOTH, join(Inner$.MODULE$, new And(OF_X, OF_Y))),
        Conditions.bothSidesAbove(join));
    assertEquals(
        new Filter(OF_BOTH, join(Cross$.MODULE$, null)),
        Conditions.bothSidesAbove(join(Cross$.MODULE$, OF_BOTH)));
    Join apart = join(FullOuter$.MODULE$, new And(OF_X, OF_Y));
    assertSame(apart, Conditions.bothSidesAbove(apart));
  }

  @Test
  void otherJoinsCannotHaveThem() {
    for (JoinType type : new JoinType[] {FullOuter$.MODULE$, LeftSemi$.MODULE$}) {
      Join join = join(type, new And(A, OF_BOTH));
      AnalysisException refused =
          assertThrows(AnalysisException.class, () -> Conditions.bothSidesAbove(join));
      assertTrue(
          refused.getMessage().contains("an inner join alone, not of " + type.sql()),
          refused::getMessage);
    }
  }
}
