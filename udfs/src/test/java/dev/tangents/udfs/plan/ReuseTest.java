package dev.tangents.udfs.plan;

import static dev.tangents.udfs.plan.Catalyst.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.JoinHint;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.junit.jupiter.api.Test;
import scala.Option;

/** Values that are computed once though two operators want them. */
class ReuseTest {
  private static final Attribute A = Catalyst.flag("a");
  private static final Attribute X = Catalyst.vector("x");
  private static final DerivativeExpression P = call("predict", X);
  private static final DerivativeExpression J = call("jacobian", X);

  private final EvalDerivatives computed = Catalyst.computed(Catalyst.table(A, X), P, J);
  private final Attribute ofP = computed.results().apply(0);
  private final Attribute ofJ = computed.results().apply(1);

  private static Project project(LogicalPlan child, NamedExpression... columns) {
    return new Project(Output.seq(List.of(columns)), child);
  }

  private static Alias alias(Expression column) {
    return new Alias(
        column,
        "other",
        NamedExpression.newExprId(),
        Output.seq(List.<String>of()),
        Option.empty(),
        Output.seq(List.<String>of()));
  }

  private static Join join(LogicalPlan left, JoinType type, LogicalPlan right) {
    return new Join(left, right, type, Option.empty(), JoinHint.NONE());
  }

  private static void assertFound(LogicalPlan plan, Attribute column, Optional<Reuse.Found> found) {
    assertEquals(Optional.of(new Reuse.Found(plan, column)), found);
  }

  @Test
  void aComputedCallIsFoundWithItsColumn() {
    assertFound(computed, ofP, Reuse.find(call("predict", X), computed));
    assertFound(computed, ofJ, Reuse.find(call("jacobian", X), computed));
    EvalDerivatives above = Catalyst.computed(computed, call("hessian", X));
    assertFound(above, ofP, Reuse.find(P, above));
  }

  @Test
  void anotherCallOrAnotherColumnIsNotFound() {
    assertEquals(Optional.empty(), Reuse.find(call("hessian", X), computed));
    assertEquals(Optional.empty(), Reuse.find(call("predict", Catalyst.vector("x")), computed));
    assertEquals(Optional.empty(), Reuse.find(P, Catalyst.table(A, X)));
  }

  @Test
  void aComputedCallIsFoundThroughFiltersAndProjectionsWhichThenHaveIt() {
    Filter filter = new Filter(A, computed);
    assertFound(filter, ofP, Reuse.find(P, filter));
    assertFound(project(filter, A, X, ofP), ofP, Reuse.find(P, project(filter, A, X)));
    Project has = project(filter, X, ofP);
    assertSame(ofP, Reuse.find(P, has).orElseThrow().column());
    assertEquals(has, Reuse.find(P, has).orElseThrow().plan());
  }

  @Test
  void aComputedCallIsFoundUnderOtherNames() {
    Alias value = alias(ofP);
    Project renamed = project(computed, X, value);
    assertFound(renamed, value.toAttribute(), Reuse.find(P, renamed));
    Alias features = alias(X);
    Alias namesake = alias(A);
    Project moved = project(computed, namesake, features);
    assertFound(
        project(computed, namesake, features, ofJ),
        ofJ,
        Reuse.find(call("jacobian", features.toAttribute()), moved));
  }

  /** A column that is added to a join may travel through an exchange. */
  @Test
  void aComputedCallIsFoundThroughAnInnerJoinThatHasItsColumn() {
    LogicalPlan other = Catalyst.table(Catalyst.flag("b"));
    Join has = join(other, Inner$.MODULE$, computed);
    assertFound(has, ofP, Reuse.find(P, has));
    Join lacks = join(project(computed, X), Inner$.MODULE$, other);
    assertEquals(Optional.empty(), Reuse.find(P, lacks));
  }

  /** There the value is null in rows of which the features are not, or rows are others. */
  @Test
  void aComputedCallIsNotFoundThroughOuterJoinsOrOtherOperators() {
    LogicalPlan other = Catalyst.table(Catalyst.flag("b"));
    assertEquals(Optional.empty(), Reuse.find(P, join(other, LeftOuter$.MODULE$, computed)));
    assertEquals(Optional.empty(), Reuse.find(P, new Distinct(computed)));
  }
}
