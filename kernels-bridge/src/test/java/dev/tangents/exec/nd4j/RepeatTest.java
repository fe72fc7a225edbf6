package dev.tangents.exec.nd4j;

import static dev.tangents.testkit.Everywhere.assertResults;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Broadcasts that are read where they are used. */
class RepeatTest {
  @Test
  void onlyBroadcastsWhoseNewAxesAreNeighboursRepeatBlocks() {
    assertEquals(Optional.of(new Repeat(2, 30)), repeat(Shape.of(4, 2, 5, 6), 0, 2, 3));
    assertEquals(Optional.of(new Repeat(10, 1)), repeat(Shape.of(4, 2, 5), 0));
    assertEquals(Optional.of(new Repeat(8, 5)), repeat(Shape.of(4, 2, 5), 2));
    assertEquals(Optional.of(new Repeat(2, 5)), repeat(Shape.of(1, 2, 1, 5, 1), 0, 2, 3));
    assertEquals(Optional.of(new Repeat(1, 5)), repeat(Shape.of(1, 5, 1), 1));
    assertEquals(Optional.empty(), repeat(Shape.of(4, 2, 5), 1));
  }

  private static Optional<Repeat> repeat(Shape target, Integer... axes) {
    return Repeat.of(new Broadcast(target, List.of(axes)));
  }

  /** Blocks shorter and longer than the chunk of 2048 numbers that steps work on. */
  @ParameterizedTest
  @CsvSource({"3, 5, 7", "1, 2500, 1", "3, 2, 2500", "2, 900, 5", "1, 3, 4100", "700, 6, 1"})
  void sumsAndProductsReadThem(int outer, int times, int block) {
    long rows = (long) outer * times;
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", TensorType.real(outer, block));
    Value w = b.input("w", TensorType.real(outer, times, block));
    Value t = Tanh.tanh(x);
    Value wide = Broadcast.broadcast(t, w.shape(), List.of(0, 2));
    Value product = Mul.mul(wide, w);
    Value flat = Reshape.reshape(wide, rows, block);
    Value folded = Sub.sub(Reshape.reshape(product, rows, block), flat);
    // A result of its own and a sum over it: this one is formed.
    Value leading = Broadcast.leading(t, Shape.of(2, outer, block));
    Graph graph =
        b.build(
            product,
            Max.max(flat, folded),
            leading,
            Sum.sum(Broadcast.broadcast(x, w.shape(), List.of(0, 2)), 1));
    Random random = new Random(5);
    List<double[]> inputs =
        List.of(Vectors.normal(random, (long) outer * block), Vectors.normal(random, rows * block));
    List<double[]> expected = Runs.reference(graph, Weights.none(), inputs);
    assertResults(expected, graph, Weights.none(), inputs, 1e-13);
  }
}
