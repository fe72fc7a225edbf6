package dev.tangents.udfs.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** What the rule makes of queries' plans. */
@ExtendWith(SparkExtension.class)
class ExtractDerivativesTest {
  private final SparkFixture fixture;

  ExtractDerivativesTest(SparkFixture fixture) {
    this.fixture = fixture;
  }

  private LogicalPlan extracted(LogicalPlan plan) {
    LogicalPlan extracted = fixture.rule().apply(plan);
    assertSound(extracted);
    assertEquals(plan.output(), extracted.output(), "the columns, for whoever asks for them");
    assertSame(extracted, fixture.rule().apply(extracted), "nothing is left to do");
    return extracted;
  }

  /** Spark can run it: each column is there where it is taken, and no call is left. */
  private static void assertSound(LogicalPlan plan) {
    assertTrue(plan.resolved(), plan::toString);
    assertTrue(plan.missingInput().isEmpty(), plan::toString);
    assertFalse(Calls.in(plan), plan::toString);
    if (plan instanceof EvalDerivatives node) {
      CollectionConverters.asJava(node.calls())
          .forEach(call -> assertFalse(Calls.inChildren(call), plan::toString));
    }
    CollectionConverters.asJava(plan.children()).forEach(ExtractDerivativesTest::assertSound);
  }

  private void assertBecomes(String query, String shape) {
    assertEquals(shape, Catalyst.shape(extracted(fixture.plan(query))), query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t WHERE a",
        "SELECT a, max(id) FROM t GROUP BY a",
        "SELECT t.id FROM t JOIN u ON t.id = u.id ORDER BY 1",
        "SELECT id FROM t WHERE id IN (SELECT id FROM u WHERE b)",
      })
  void aPlanWithoutCallsIsReturnedAsItIs(String query) {
    LogicalPlan plan = fixture.plan(query);
    assertSame(plan, fixture.rule().apply(plan));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT P(x) FROM t | Eval[predict](t)",
        "SELECT P(x), J(x), V(x, y) FROM t | Eval[predict, jacobian, jvp](t)",
        "SELECT V(x, y), P(x) FROM t | Eval[jvp, predict](t)",
        "SELECT P(x), P(y) FROM t | Eval[predict](Eval[predict](t))",
        "SELECT P(x), P(y), J(x) FROM t | Eval[predict](Eval[predict, jacobian](t))",
        "SELECT P(x), P(x)[0], P(x)[1] + 1 FROM t | Eval[predict](t)",
        "SELECT V(x, P(x)) FROM t | Eval[jvp](Eval[predict](t))",
        "SELECT P(P(P(x))) FROM t | Eval[predict](Eval[predict](Eval[predict](t)))",
      })
  void callsOfAProjection(String query, String shape) {
    assertBecomes(query, shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM t WHERE P(x)[0] > 0 | Filter(Eval[predict](t))",
        "SELECT id FROM t WHERE P(x)[0] > 0 AND a | Filter(Eval[predict](Filter(t)))",
        "SELECT P(x) FROM t WHERE P(x)[0] > 0 | Filter(Eval[predict](t))",
        "SELECT J(x) FROM t WHERE P(x)[0] > 0 | Eval[jacobian](Filter(Eval[predict](t)))",
        "SELECT P(x) FROM t WHERE P(x)[0] > 0 OR a | Filter(Eval[predict](t))",
        "SELECT id FROM t WHERE rand(1) < 0.5 AND P(x)[0] > 0 | Filter(Eval[predict](t))",
      })
  void callsOfAFilter(String query, String shape) {
    assertBecomes(query, shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a, max(P(x)[0]) FROM t GROUP BY a | Aggregate(Eval[predict](t))",
        "SELECT P(x)[0], count(*) FROM t GROUP BY 1 | Aggregate(Eval[predict](t))",
        "SELECT a, P(array(max(id), 1f)) FROM t GROUP BY a | Eval[predict](Aggregate(t))",
        "SELECT max(id) OVER (ORDER BY P(x)[0]) FROM t | Window(Eval[predict](t))",
        "SELECT id FROM t ORDER BY P(x)[0] | Sort(Eval[predict](t))",
        "SELECT DISTINCT P(x)[0] FROM t LIMIT 3 | GlobalLimit(LocalLimit(Aggregate(Eval[predict](t))))",
        "SELECT P(x) FROM t UNION ALL SELECT P(y) FROM u | Union(Eval[predict](t), Eval[predict](t))",
        "SELECT v FROM t LATERAL VIEW explode(P(x)) AS v | Generate(Eval[predict](t))",
      })
  void callsOfOtherOperators(String query, String shape) {
    assertBecomes(query, shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT t.id FROM t JOIN u ON P(t.x)[0] = P(u.y)[0] | Join(Eval[predict](t), Eval[predict](t))",
        "SELECT t.id FROM t JOIN u ON t.id = u.id AND V(t.x, u.y)[0] > 0 | Filter(Eval[jvp](Join(Filter(t), Filter(t))))",
        "SELECT t.id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id AND P(u.y)[0] > t.label) | Join(t, Eval[predict](t))",
      })
  void callsOfAJoin(String query, String shape) {
    assertBecomes(query, shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT if(a, P(x), NULL) FROM t | Eval[predict?](t)",
        "SELECT if(a, P(x), NULL), P(x)[0] FROM t | Eval[predict](t)",
        "SELECT if(a, P(x), J(x)[0]) FROM t | Eval[jacobian?](Eval[predict?](t))",
        "SELECT if(P(x)[0] > 0, J(x), NULL) FROM t | Eval[jacobian?](Eval[predict](t))",
        "SELECT coalesce(P(x), y) FROM t | Eval[predict](t)",
        "SELECT coalesce(y, P(x)) FROM t | Eval[predict?](t)",
      })
  void callsOfBranches(String query, String shape) {
    assertBecomes(query, shape);
  }

  /** Spark optimizes the plan of a subquery by itself, and runs the rule there. */
  @Test
  void callsOfASubqueryAreLeftToIt() {
    LogicalPlan plan = fixture.plan("SELECT id, (SELECT max(P(x)[0]) FROM u) FROM t");
    assertTrue(plan.toString().contains("tangents_predict"), plan::toString);
    assertSame(plan, fixture.rule().apply(plan));
  }

  @Test
  void aggregatesAreBoundToTheirModel() {
    String query = "SELECT a, tangents_mean_ntk('M', array(id, 1)) FROM t GROUP BY a";
    LogicalPlan plan = fixture.plan(query);
    LogicalPlan bound = extracted(plan);
    assertEquals("Aggregate(t)", Catalyst.shape(bound));
    assertTrue(bound.toString().contains("as array<double>"), "what the task reads: " + bound);
    assertFalse(plan.toString().contains("as array<double>"), plan::toString);
  }

  /** Executors and drivers of the same query must agree, as must its text in Spark's caches. */
  @Test
  void theOrderIsThatOfTheQuery() {
    String columns =
        IntStream.range(0, 12)
            .mapToObj(i -> "V(x, array(%df, 1f))[0], P(array(%1$df, 2f))[1]".formatted(i))
            .collect(Collectors.joining(", "));
    LogicalPlan plan = fixture.plan("SELECT " + columns + " FROM t");
    List<String> first = calls(extracted(plan));
    assertEquals(24, first.size());
    assertEquals(first, calls(extracted(plan)));
    List<String> inQuery =
        first.stream().sorted((s, t) -> Integer.compare(place(plan, s), place(plan, t))).toList();
    assertEquals(inQuery, first);
  }

  private static int place(LogicalPlan plan, String call) {
    int place = plan.toString().indexOf(call);
    assertTrue(place > 0, () -> call + " in " + plan);
    return place;
  }

  /** The calls in the order in which they are computed. */
  private static List<String> calls(LogicalPlan plan) {
    List<String> calls =
        new java.util.ArrayList<>(
            CollectionConverters.asJava(plan.children()).stream()
                .flatMap(child -> calls(child).stream())
                .toList());
    if (plan instanceof EvalDerivatives node) {
      CollectionConverters.asJava(node.calls()).forEach(call -> calls.add(call.toString()));
    }
    return calls;
  }

  @Test
  void columnsThatNobodyTakesAreNotCopied() {
    LogicalPlan eval = extracted(fixture.plan("SELECT id, P(x) FROM t")).children().head();
    assertEquals(
        List.of("id", "x"),
        CollectionConverters.asJava(eval.children().head().output()).stream()
            .map(Attribute::name)
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT t.id FROM t LEFT JOIN u ON V(t.x, u.y)[0] > 0 | can be part of the condition of an inner join alone, not of LEFT OUTER",
        "SELECT transform(x, e -> P(array(e, 1f))) FROM t | cannot be called for each element of an array",
        "SELECT tangents_determinant('mlp:2-3-3:tanh?seed=1', x), tangents_predict('mlp:2-3-3:tanh?seed=1', x) FROM t | tangents_determinant",
        "SELECT tangents_predict('/no/such/model.onnx', x) FROM t | /no/such/model.onnx",
      })
  void whatCannotBeComputedIsRefused(String query, String message) {
    LogicalPlan plan = fixture.plan(query);
    AnalysisException refused =
        assertThrows(AnalysisException.class, () -> fixture.rule().apply(plan));
    assertTrue(refused.getMessage().contains(message), refused::getMessage);
  }
}
