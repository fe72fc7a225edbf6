package dev.tangents.derivative;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Simplify;
import dev.tangents.transform.Vjp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Case S0: the two-layer mean-field ReLU network. */
class MeanFieldCaseTest {
  @Test
  void reverseModeBatchedGivesTheGradientOfTheCase() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(3));
    Value w = builder.parameter("W", TensorType.real(3, 2));
    Value a = builder.parameter("a", TensorType.real(2));
    Value hidden = Relu.relu(MatMul.matMul(Reshape.reshape(x, 1, 3), w));
    Value f = MatMul.matMul(hidden, Reshape.reshape(a, 2, 1));
    Graph network = builder.build(Reshape.reshape(Mul.scale(f, 0.5), 1));
    Map<String, Literal> values = new LinkedHashMap<>();
    values.put("W", Literal.of(TensorType.real(3, 2), 0.5, -0.3, 0.8, 0.6, -0.2, 0.7));
    values.put("a", Literal.of(TensorType.real(2), 0.9, -1.1));
    Graph gradient = Vjp.of(network, List.of("W", "a"));
    Graph batched = Batch.of(gradient, Set.of("x"), 3);
    Graph small = new Simplify(new ReferenceFolder()).apply(batched);
    try (ReferenceEngine engine = new ReferenceEngine()) {
      List<HostTensor> out =
          engine.evaluate(
              small,
              Weights.of(values),
              List.of(
                  HostTensor.of(Shape.of(3, 3), 1, 2, 3, 0.5, 1, 1.5, 3d, -2, 5),
                  HostTensor.of(Shape.of(1), 1d)));
      assertArrayEquals(
          new double[] {
            0.45, -0.55, 0.9, -1.1, 1.35, -1.65, 0.225, -0.275, 0.45, -0.55, 0.675, -0.825, 0,
            -1.65, 0, 1.1, 0, -2.75
          },
          out.get(0).doubles(),
          1e-12);
      assertArrayEquals(new double[] {0.75, 1.5, 0.375, 0.75, 0, 0.7}, out.get(1).doubles(), 1e-12);
    }
  }
}
