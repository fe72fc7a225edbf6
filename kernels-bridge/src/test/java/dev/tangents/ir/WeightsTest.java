package dev.tangents.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.reference.ReferenceEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsTest {
  @Test
  void aNumberThatIsNotFiniteIsNamedByParameterAndElement() {
    assertMessage(
        "Parameter '0.weight' [2, 2]: element 2 is NaN; every weight must be a finite number. Retrain"
            + " or repair the model file",
        () ->
            Weights.of(Map.of("0.weight", Literal.of(TensorType.real(2, 2), 1, 2, Double.NaN, 4))));
    assertMessage(
        "Parameter 'b' [3]: element 0 is -Infinity; every weight must be a finite number. Retrain or"
            + " repair the model file",
        () -> Weights.of(Map.of("b", Literal.splat(TensorType.real(3), Double.NEGATIVE_INFINITY))));
  }

  @Test
  void anUnknownParameterIsAnsweredWithTheKnownOnes() {
    Weights weights = Weights.of(Map.of("b", Literal.splat(TensorType.real(3), 1)));
    assertMessage("Weights: no parameter 'c'; the model has [b]", () -> weights.get("c"));
    assertMessage("Weights: no parameter 'c'; the model has []", () -> Weights.none().get("c"));
  }

  @Test
  void theGraphAndTheWeightsAgreeOnShapes() {
    GraphBuilder builder = new GraphBuilder();
    Graph graph = builder.build(builder.parameter("b", TensorType.real(2)));
    Weights weights = Weights.of(Map.of("b", Literal.splat(TensorType.real(3), 1)));
    try (ReferenceEngine engine = new ReferenceEngine()) {
      assertMessage(
          "Parameter 'b': the graph expects [2], the weights have [3]",
          () -> engine.evaluate(graph, weights, List.of()));
    }
  }

  private static void assertMessage(String message, Runnable action) {
    TangentsException error = assertThrows(TangentsException.class, action::run);
    assertEquals(message, error.getMessage());
    assertEquals(Category.MODEL, error.category());
  }
}
