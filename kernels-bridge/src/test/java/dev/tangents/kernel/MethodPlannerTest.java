package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Reshape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The method of a weight of r x s at T positions, where multiplications for each pair of samples
 * (kernels-bridge/docs/kernels.md) leave no doubt.
 */
class MethodPlannerTest {
  /** f = sum_t tanh(x_t W) V, x [T, r], W [r, s], V [s, O]. */
  private static Graph network(long positions, long r, long s, long outputs) {
    GraphBuilder b = new GraphBuilder();
    Value x = Reshape.reshape(b.input("x", TensorType.real(positions * r)), positions, r);
    Value hidden = Tanh.tanh(MatMul.matMul(x, b.parameter("W", TensorType.real(r, s))));
    Value read = MatMul.matMul(hidden, b.parameter("V", TensorType.real(s, outputs)));
    return b.build(Sum.sum(read, List.of(0)));
  }

  private static KernelPlan plan(Graph graph, KernelKind kind, Map<String, Method> methods) {
    return KernelPlan.of(graph, new KernelRequest(kind, false, List.of("W", "V"), methods, 256, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "TRACE, 1, 64, 64, 1, INPUTS_FIRST", // two products of N x 64 where the gradient has 4,096
    "TRACE, 64, 16, 16, 1, GRADIENT_FIRST", // 256 against 131,072
    "TRACE, 2, 512, 512, 1, INPUTS_FIRST", // 4,096 against 262,144
    "FULL, 4, 512, 512, 8, INPUTS_FIRST", // 8,320 against 262,144 and 133,120
    "FULL, 64, 16, 16, 2, GRADIENT_FIRST" // 256 against 81,920 and 9,216
  })
  void methodIsTheOneOfLeastWork(
      KernelKind kind, long positions, long r, long s, long outputs, Method expected) {
    KernelPlan plan = plan(network(positions, r, s, outputs), kind, Map.of());
    assertEquals(expected, plan.methods().get("W"));
  }

  @Test
  void whatIsAskedForGoesBeforeThePrediction() {
    Graph network = network(64, 16, 16, 2);
    for (Method method : List.of(Method.GRADIENT_FIRST, Method.INPUTS_FIRST, Method.HALF_WAY)) {
      KernelPlan plan = plan(network, KernelKind.FULL, Map.of("W", method));
      assertEquals(method, plan.methods().get("W"));
    }
  }

  /**
   * The readout's cotangent is the identity: it depends on no sample, so nothing meets half-way.
   */
  @Test
  void aMethodThatTheParameterDoesNotAllowIsThePlanners() {
    Graph network = network(4, 8, 8, 2);
    KernelPlan free = plan(network, KernelKind.TRACE, Map.of());
    KernelPlan asked = plan(network, KernelKind.TRACE, Map.of("V", Method.HALF_WAY));
    assertTrue(asked.methods().get("V") != Method.HALF_WAY);
    assertEquals(free.methods(), asked.methods());
  }
}
