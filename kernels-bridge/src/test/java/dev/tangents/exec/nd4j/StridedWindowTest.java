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
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import dev.tangents.op.index.Strides.Axis;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Patches of images read and added, in whole numbers, so that no order of additions rounds. */
class StridedWindowTest {
  static Stream<Named<Strides>> windows() {
    return Stream.of(
        Named.of("planes, kernel 3", images(Shape.of(2, 3, 40, 40), 3, 1, 38)),
        Named.of("planes, stride 2", images(Shape.of(2, 3, 41, 41), 3, 2, 20)),
        Named.of("one position", images(Shape.of(2, 3, 4, 4), 4, 1, 1)),
        Named.of("planes that do not fit", images(Shape.of(2, 1, 200, 200), 2, 1, 199)),
        Named.of("rows longer than a chunk", rows(5000, 4096, 5, 1)),
        Named.of("rows that do not fit", rows(40_000, 39_000, 3, 1)),
        Named.of(
            "backwards",
            new Strides(
                Shape.of(2, 300),
                List.of(new Axis(2, 0, 1), new Axis(5, 1, 1), new Axis(290, 1, -1)),
                List.of(0L, 295L))),
        Named.of(
            "one place for all",
            new Strides(
                Shape.of(3, 7),
                List.of(new Axis(3, 0, 1), new Axis(5000, 1, 0)),
                List.of(0L, 2L))));
  }

  /** [N, C, H, W] seen as [N, C, k, k, t, t]: offsets of a kernel, then its positions. */
  private static Strides images(Shape shape, long kernel, long stride, long positions) {
    return new Strides(
        shape,
        List.of(
            new Axis(shape.dim(0), 0, 1),
            new Axis(shape.dim(1), 1, 1),
            new Axis(kernel, 2, 1),
            new Axis(kernel, 3, 1),
            new Axis(positions, 2, stride),
            new Axis(positions, 3, stride)),
        List.of(0L, 0L, 0L, 0L));
  }

  /** [3, W] seen as [3, k, positions]. */
  private static Strides rows(long width, long positions, long kernel, long stride) {
    return new Strides(
        Shape.of(3, width),
        List.of(new Axis(3, 0, 1), new Axis(kernel, 1, 1), new Axis(positions, 1, stride)),
        List.of(0L, 0L));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void showsWhatTheReferenceShows(Strides strides) {
    GraphBuilder b = new GraphBuilder();
    requireSame(
        b.build(StridedView.view(b.input("x", TensorType.real(strides.shape())), strides)),
        strides.shape());
  }

  @ParameterizedTest
  @MethodSource("windows")
  void addsWhatTheReferenceAdds(Strides strides) {
    GraphBuilder b = new GraphBuilder();
    requireSame(
        b.build(StridedAdd.add(b.input("x", TensorType.real(strides.view())), strides)),
        strides.view());
  }

  private static void requireSame(Graph graph, Shape shape) {
    double[] numbers = new Random(7).ints(shape.size(), -9, 10).asDoubleStream().toArray();
    List<HostTensor> inputs = List.of(HostTensor.of(shape, numbers));
    try (Engine reference = new ReferenceEngine();
        Engine wide = new Nd4jEngine(Precision.DOUBLE);
        Engine narrow = new Nd4jEngine(Precision.FLOAT)) {
      double[] expected = run(reference, graph, inputs);
      assertArrayEquals(expected, run(wide, graph, inputs));
      assertArrayEquals(expected, run(narrow, graph, inputs));
    }
  }

  private static double[] run(Engine engine, Graph graph, List<HostTensor> inputs) {
    return engine.evaluate(graph, Weights.none(), inputs).get(0).doubles();
  }
}
