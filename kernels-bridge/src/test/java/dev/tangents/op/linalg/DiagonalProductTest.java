package dev.tangents.op.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The product of unit cotangents behind an elementwise function, and what only looks like one. */
class DiagonalProductTest {
  private static final int K = 4;
  private static final int J = 3;
  private static final Random RANDOM = new Random(3);

  /** E [2, 5, 4] with the units of 4 on another axis than the last, times B. */
  private static Graph product(Shape e, int axis, double[] units, boolean transposed, boolean as) {
    GraphBuilder b = new GraphBuilder();
    int last = e.rank() - 1;
    Value d = b.input("d", TensorType.real(e.remove(axis)));
    Value m = b.input("b", TensorType.real(transposed ? Shape.of(J, K) : Shape.of(K, J)));
    List<Integer> others =
        new ArrayList<>(IntStream.range(0, e.rank()).filter(i -> i != axis).boxed().toList());
    Value unit = b.constant(Literal.of(TensorType.real(K, K), units));
    Value left = Broadcast.broadcast(unit, e, List.of(axis, last));
    Value right = Broadcast.broadcast(d, e, others);
    Value diagonal = axis % 2 == 0 ? Mul.mul(left, right) : Mul.mul(right, left);
    Value rows = Reshape.reshape(diagonal, e.size() / K, K);
    MatMul product = new MatMul(false, transposed);
    return b.build(as ? b.applyAsIs(product, rows, m) : b.apply(product, rows, m));
  }

  private static double[] identity() {
    return IntStream.range(0, K * K).mapToDouble(i -> i / K == i % K ? 1 : 0).toArray();
  }

  private static double[] run(Engine engine, Graph graph) {
    Random random = new Random(11);
    List<HostTensor> inputs = new ArrayList<>();
    for (Node.Input input : graph.inputs()) {
      Shape shape = input.type().shape();
      inputs.add(HostTensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
    }
    return engine.evaluate(graph, Weights.none(), inputs).get(0).doubles();
  }

  private static boolean multiplies(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node instanceof Node.Apply apply
                    && apply.primitive() instanceof MatMul
                    && graph.node(apply.arguments().get(0)).type().shape().dim(-1) == K);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "0, true", "1, false", "1, true", "2, false", "2, true", "3, true"})
  void aProductWithUnitCotangentsIsAnOuterProduct(int axis, boolean transposed) {
    Shape e = Shape.of(2, 3, 5, K).insert(axis, K);
    Graph plain = product(e, axis, identity(), transposed, true);
    Graph simpler = product(e, axis, identity(), transposed, false);
    assertTrue(multiplies(plain));
    assertEquals(plain.outputTypes(), simpler.outputTypes());
    assertTrue(!multiplies(simpler), simpler::toString);
    try (ReferenceEngine reference = new ReferenceEngine();
        Nd4jEngine nd4j = new Nd4jEngine(Precision.DOUBLE)) {
      double[] expected = run(reference, plain);
      assertArrayEquals(expected, run(reference, simpler), 1e-15);
      assertArrayEquals(expected, run(nd4j, simpler), 1e-15);
    }
  }

  /** A constant that is no identity, by one element, is multiplied as it is. */
  @ParameterizedTest
  @CsvSource({"0", "1", "15"})
  void aProductWithAnotherConstantIsFormed(int element) {
    double[] units = identity();
    units[element] += RANDOM.nextDouble() + 0.5;
    Shape e = Shape.of(2, K, 3, K);
    Graph plain = product(e, 1, units, false, true);
    Graph kept = product(e, 1, units, false, false);
    assertTrue(multiplies(kept));
    try (ReferenceEngine reference = new ReferenceEngine()) {
      assertArrayEquals(run(reference, plain), run(reference, kept));
    }
  }
}
