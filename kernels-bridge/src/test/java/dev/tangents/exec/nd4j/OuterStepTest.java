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

/** Outer products of slices that fit a block by the hundred, by rows, and in parts of a row. */
class OuterStepTest {
  @ParameterizedTest
  @CsvSource({
    "700, 1, 3",
    "3, 5, 7",
    "50, 31, 31",
    "2, 900, 3",
    "2, 3, 2048",
    "3, 4, 5000",
    "1, 3000, 1"
  })
  void outerProductsAreThoseOfTheReference(int batch, int rows, int columns) {
    GraphBuilder b = new GraphBuilder();
    Graph graph =
        b.build(
            MatMul.matMul(
                b.input("a", TensorType.real(batch, rows, 1)),
                b.input("b", TensorType.real(batch, 1, columns))));
    Random random = new Random(5);
    List<HostTensor> inputs =
        List.of(
            HostTensor.of(
                Shape.of(batch, rows, 1), random.doubles((long) batch * rows, -1, 1).toArray()),
            HostTensor.of(
                Shape.of(batch, 1, columns),
                random.doubles((long) batch * columns, -1, 1).toArray()));
    try (Engine reference = new ReferenceEngine();
        Engine wide = new Nd4jEngine(Precision.DOUBLE);
        Engine narrow = new Nd4jEngine(Precision.FLOAT)) {
      double[] expected = run(reference, graph, inputs);
      assertArrayEquals(expected, run(wide, graph, inputs));
      assertArrayEquals(expected, run(narrow, graph, inputs), 2e-7);
    }
  }

  private static double[] run(Engine engine, Graph graph, List<HostTensor> inputs) {
    return engine.evaluate(graph, Weights.none(), inputs).get(0).doubles();
  }
}
