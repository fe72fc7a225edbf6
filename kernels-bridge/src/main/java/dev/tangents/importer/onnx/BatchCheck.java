package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Whether a network whose batch size is open treats its samples one by one: two samples at once
 * must give what they give one after the other. A network that mixes them, such as one exported
 * with batch normalisation in training mode, has no per-sample derivative.
 */
final class BatchCheck {
  /**
   * The largest relative difference: computed in double, only the order of a few additions differs.
   */
  private static final double TOLERANCE = 1e-9;

  private BatchCheck() {}

  /**
   * Compares the network at batch sizes 1 and 2.
   *
   * @throws TangentsException of category MODEL if they differ
   */
  static void require(GraphReader.Network one, GraphReader.Network two) {
    Random random = new Random(1);
    List<double[]> both = new ArrayList<>();
    for (Node.Input input : two.graph().inputs()) {
      double[] numbers = new double[input.type().shape().intSize()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] =
            input.type().isReal() ? random.nextGaussian() : bit(i, numbers.length / 2, random);
      }
      both.add(numbers);
    }
    double[] expected = new double[2 * one.graph().outputTypes().get(0).shape().intSize()];
    double[] found;
    try (Engine engine = new ReferenceEngine()) {
      for (int n = 0; n < 2; n++) {
        int half = n;
        double[] y =
            run(
                engine,
                one,
                both.stream()
                    .map(x -> Arrays.copyOfRange(x, half * x.length / 2, (half + 1) * x.length / 2))
                    .toList());
        System.arraycopy(y, 0, expected, n * y.length, y.length);
      }
      found = run(engine, two, both);
    }
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    if (!(difference <= TOLERANCE * Math.max(scale, Double.MIN_NORMAL))) {
      throw TangentsException.model(
          "the network mixes samples: two samples at once give outputs that differ by %.3g from those one"
              + " by one, of size %.3g. Export it in eval mode; a derivative for one sample needs samples"
              + " that do not see each other",
          difference, scale);
    }
  }

  /**
   * Element {@code i} of two samples of ids, which every table has: both have a 1, as a mask must,
   * and they differ.
   */
  private static double bit(int i, int width, Random random) {
    boolean first = i % width == 0;
    boolean last = i % width == width - 1;
    boolean second = i >= width;
    return (first && !second)
            || (last && second && width > 1)
            || (!first && !last && random.nextBoolean())
        ? 1
        : 0;
  }

  private static double[] run(Engine engine, GraphReader.Network network, List<double[]> x) {
    List<HostTensor> inputs =
        x.stream().map(numbers -> HostTensor.of(Shape.of(numbers.length), numbers)).toList();
    return engine.evaluate(network.graph(), network.weights(), inputs).get(0).doubles();
  }
}
