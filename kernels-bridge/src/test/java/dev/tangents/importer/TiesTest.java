package dev.tangents.importer;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import dev.tangents.transform.Vjp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiesTest {
  private static final double[] A = {1, 2, 3, 4, 5, 6};
  private static final double[] A_TRANSPOSED = {1, 4, 2, 5, 3, 6};

  /**
   * x (a + b) t a + ones + more, with t the transpose of a = b, in another order than they are
   * used.
   */
  private static Model model() {
    GraphBuilder graph = new GraphBuilder();
    Value t = graph.parameter("t", TensorType.real(3, 2));
    Value a = graph.parameter("a", TensorType.real(2, 3));
    Value b = graph.parameter("b", TensorType.real(2, 3));
    graph.parameter("c", TensorType.real(2, 3));
    Value ones = graph.parameter("ones", TensorType.real(3));
    Value more = graph.parameter("more", TensorType.real(3));
    Value x = graph.input("x", TensorType.real(2));
    Value row = Reshape.reshape(x, 1, 2);
    Value y = Reshape.reshape(MatMul.matMul(row, Add.add(a, b)), 3);
    Value back = Reshape.reshape(MatMul.matMul(Reshape.reshape(y, 1, 3), t), 2);
    Value z = Reshape.reshape(MatMul.matMul(Reshape.reshape(back, 1, 2), a), 3);
    Map<String, Literal> weights = new LinkedHashMap<>();
    weights.put("t", Literal.of(TensorType.real(3, 2), A_TRANSPOSED));
    weights.put("a", Literal.of(TensorType.real(2, 3), A));
    weights.put("b", Literal.of(TensorType.real(2, 3), A));
    weights.put("c", Literal.of(TensorType.real(2, 3), 1, 2, 3, 4, 5, 7));
    weights.put("ones", Literal.of(TensorType.real(3), 1, 1, 1));
    weights.put("more", Literal.of(TensorType.real(3), 1, 1, 1));
    return new Model(
        graph.build(Add.add(Add.add(z, ones), more)), Weights.of(weights), "test", "00");
  }

  @Test
  void equalParametersAreFoundAlsoTransposed() {
    assertEquals(
        List.of(new Tie("t", "a"), new Tie("t", "b")), EqualParameters.of(model().weights()));
  }

  @Test
  void gradientOfATiedParameterIsTheSumOfItsUses() {
    Model apart = model();
    Model tied = Ties.apply(apart, Tie.parse("a=b, a=t"));
    assertEquals(
        Set.of("a", "c", "ones", "more"),
        tied.graph().parameters().stream().map(Node.Parameter::name).collect(toSet()));
    assertEquals(apart.parameterCount() - 12, tied.parameterCount());
    List<double[]> operands = List.of(new double[] {0.5, -1}, new double[] {1, -2, 0.25});
    List<double[]> each =
        Runs.reference(Vjp.of(apart.graph(), List.of("a", "b", "t")), apart.weights(), operands);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      // Element [i / 3, i % 3] of a is element [i % 3, i / 3] of t.
      expected[i] = each.get(0)[i] + each.get(1)[i] + each.get(2)[i % 3 * 2 + i / 3];
    }
    assertArrayEquals(
        expected,
        Runs.reference(Vjp.of(tied.graph(), List.of("a")), tied.weights(), operands).get(0),
        1e-12);
    assertArrayEquals(Evaluate.at(apart, 0.5, -1), Evaluate.at(tied, 0.5, -1), 0);
  }

  @Test
  void tiesAreInHashAndDescription() {
    Model tied = Ties.apply(model(), Tie.parse("t=a,t=b"));
    assertEquals("test; tied: a = t transposed, b = t transposed", tied.description());
    assertNotEquals("00", tied.sha256());
    assertNotEquals(tied.sha256(), Ties.apply(model(), Tie.parse("t=a")).sha256());
    assertEquals("00", Ties.apply(model(), List.of()).sha256());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=c    | tie: a=c: element 5 of the first is 6.0, that of the second 7.0; expected the same numbers."
            + " Tie only copies",
        "t=c    | tie: t=c: element 5 of the first is 6.0, that of the second 7.0; expected the same numbers,"
            + " transposed. Tie only copies",
        "a=ones | tie: a=ones: shapes [2, 3] and [3]; expected the same, or that of the transpose. Tie only"
            + " copies",
        "a=moe  | tie: no parameter 'moe'; perhaps 'more'. The model has t, a, b, c, ones, more",
        "b=b    | tie: b=b ties a parameter to itself; expected two names",
        "a=b,b=t | tie: in b=t, 'b' is already tied to another. Name the one that is kept"
      })
  void otherTiesAreRefused(String ties, String message) {
    TangentsException e =
        assertThrows(TangentsException.class, () -> Ties.apply(model(), Tie.parse(ties)));
    assertEquals(Category.USER, e.category());
    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"a", "a=", "=a", "a=b=c", "'a=b,'"})
  void tieIsTwoNames(String text) {
    TangentsException e = assertThrows(TangentsException.class, () -> Tie.parse(text));
    String part = text.endsWith(",") ? "" : text;
    assertEquals(
        "tie: expected A=B, the names of two parameters, got '"
            + part
            + "'. 'tangents inspect' lists them",
        e.getMessage());
  }
}
