package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.op.linalg.MatMul;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inner products of slices that are read by the hundred, one by one, and in pieces. */
class DotStepTest {
  @ParameterizedTest
  @CsvSource({"5000, 2", "300, 7", "33, 64", "3, 1025", "2, 2048", "2, 2049", "1, 9001"})
  void innerProductsAreThoseOfTheReference(int batch, int inner) {
    GraphBuilder b = new GraphBuilder();
    Graph graph =
        b.build(
            MatMul.matMul(
                b.input("a", TensorType.real(batch, 1, inner)),
                b.input("b", TensorType.real(batch, inner, 1))));
    Random random = new Random(5);
    List<HostTensor> inputs =
        List.of(
            numbers(Shape.of(batch, 1, inner), random), numbers(Shape.of(batch, inner, 1), random));
    try (Engine reference = new ReferenceEngine();
        Engine wide = new Nd4jEngine(Precision.DOUBLE);
        Engine narrow = new Nd4jEngine(Precision.FLOAT)) {
      double[] expected = run(reference, graph, inputs);
      assertArrayEquals(expected, run(wide, graph, inputs), 1e-15 * inner);
      // Operands and the result are rounded to floats, the sum is not.
      assertArrayEquals(expected, run(narrow, graph, inputs), 2e-7 * inner);
    }
  }

  private static HostTensor numbers(Shape shape, Random random) {
    return HostTensor.of(shape, random.doubles(shape.size(), -1, 1).toArray());
  }

  private static double[] run(Engine engine, Graph graph, List<HostTensor> inputs) {
    return engine.evaluate(graph, Weights.none(), inputs).get(0).doubles();
  }
}
