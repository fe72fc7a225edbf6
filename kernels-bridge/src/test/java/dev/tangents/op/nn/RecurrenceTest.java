package dev.tangents.op.nn;

import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.testkit.Everywhere;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What layers of files do not reach: gates whose function is not of one number alone. */
class RecurrenceTest {
  private static final double[] X = {0.3, -0.7, 1.1, 0.2, -0.4, 0.9};
  private static final double[] H = {0.5, -0.25};

  /** Rows of update, reset and new state, two each. */
  private static final double[] R = {
    0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7, 0.8, -0.9, 1.0, 1.1, -1.2
  };

  /** Each gate is a distribution over its own units. */
  @Test
  void aGateOfAGruIsAFunctionOfItsOwnUnits() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(1, 6));
    Value h = builder.input("h", TensorType.real(1, 2));
    Value recurrent = builder.input("r", TensorType.real(6, 2));
    Recurrence.Cell cell = Recurrence.gru(recurrent, z -> Softmax.softmax(z, -1), Tanh::tanh);
    Value next = cell.step(x, new Recurrence.State(h, h)).hidden();
    double[] update = softmax(given(0, H), given(1, H));
    double[] reset = softmax(given(2, H), given(3, H));
    double[] seen = {reset[0] * H[0], reset[1] * H[1]};
    double[] expected = new double[2];
    for (int i = 0; i < 2; i++) {
      double fresh = Math.tanh(given(4 + i, seen));
      expected[i] = (1 - update[i]) * fresh + update[i] * H[i];
    }
    Everywhere.assertResults(
        List.of(expected), builder.build(next), Weights.none(), List.of(X, H, R), 1e-14);
  }

  /** x + h R^T in a column. */
  private static double given(int column, double... h) {
    return X[column] + h[0] * R[2 * column] + h[1] * R[2 * column + 1];
  }

  private static double[] softmax(double a, double b) {
    double share = 1 / (1 + Math.exp(b - a));
    return new double[] {share, 1 - share};
  }
}
