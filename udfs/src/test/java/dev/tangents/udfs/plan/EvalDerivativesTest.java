package dev.tangents.udfs.plan;

import static dev.tangents.udfs.plan.Catalyst.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.udfs.function.DerivativeExpression;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/** The operator as Spark's optimizer handles it. */
@ExtendWith(SparkExtension.class)
class EvalDerivativesTest {
  private static final Attribute A = Catalyst.flag("a");
  private static final Attribute X = Catalyst.vector("x");
  private static final LogicalPlan TABLE = Catalyst.table(A, X);
  private static final DerivativeExpression P = call("predict", X);
  private static final DerivativeExpression J = call("jacobian", X);

  private final SparkFixture fixture;

  EvalDerivativesTest(SparkFixture fixture) {
    this.fixture = fixture;
  }

  @Test
  void itsRowsHaveTheValuesBehind() {
    EvalDerivatives node = Catalyst.computed(TABLE, P, J);
    assertEquals(
        List.of(A, X, node.results().apply(0), node.results().apply(1)),
        CollectionConverters.asJava(node.output()));
    assertTrue(node.resolved());
    assertTrue(node.missingInput().isEmpty());
    assertFalse(Catalyst.computed(Catalyst.table(A), P).missingInput().isEmpty(), "x is not there");
  }

  /** Spark exchanges cached and repeated parts of plans that have the same result. */
  @Test
  void theSameCallsOfTheSameRowsAreTheSame() {
    assertTrue(Catalyst.computed(TABLE, P).sameResult(Catalyst.computed(TABLE, P)));
    assertFalse(Catalyst.computed(TABLE, P).sameResult(Catalyst.computed(TABLE, J)));
    assertNotEquals(Catalyst.computed(TABLE, P), Catalyst.computed(TABLE, P), "other columns");
    EvalDerivatives node = Catalyst.computed(TABLE, P);
    assertEquals(node, new EvalDerivatives(node.calls(), node.results(), Catalyst.SIZES, TABLE));
  }

  /** Of a range Spark knows how many rows it has; of what is filtered, how many bytes alone. */
  @Test
  void itsSizeIsThatOfTheValuesToo() {
    LogicalPlan range = fixture.spark().range(1000).queryExecution().optimizedPlan();
    Statistics known = Catalyst.computed(range, P).stats();
    assertEquals(BigInt.apply(8 * 1000 + 1000 * 1000), known.sizeInBytes());
    LogicalPlan some =
        fixture.spark().range(1000).filter("id % 2 = 0").queryExecution().optimizedPlan();
    Statistics guessed = Catalyst.computed(some, P).stats();
    int rows = 8 * 1000 / (8 + 8 + 64); // Spark counts 8 bytes with every row
    assertEquals(BigInt.apply(8 * 1000 + 1000 * rows), guessed.sizeInBytes());
    assertTrue(known.rowCount().isEmpty(), "the size would be reckoned from it again");
  }

  @Test
  void itIsCopiedForAnotherChildAlone() {
    EvalDerivatives node = Catalyst.computed(TABLE, P);
    assertSame(node, node.mapChildren(child -> child));
    LogicalPlan other = Catalyst.table(A, X);
    LogicalPlan moved = node.withNewChildren(Output.seq(List.of(other)));
    assertEquals(new EvalDerivatives(node.calls(), node.results(), Catalyst.SIZES, other), moved);
  }
}
