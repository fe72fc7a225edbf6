package dev.tangents.job.bench.network;

import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Convolution;
import dev.tangents.op.nn.Normalisation;
import dev.tangents.op.nn.Window;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Reshape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Layers of a network under construction. Each adds its parameters under {@code name.weight} and
 * {@code name.bias}, with numbers that follow from the order of the layers alone.
 */
final class Layers {
  private static final double BATCH_EPSILON = 1e-5;
  private static final double LAYER_EPSILON = 1e-6;
  private static final double SMALL = 0.1;

  private final GraphBuilder builder = new GraphBuilder();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Map<String, Literal> weights = new LinkedHashMap<>();
  private final Value input;

  /**
   * Starts a network.
   *
   * @param features D
   */
  Layers(long features) {
    input = builder.input("x", TensorType.real(features));
  }

  /** x, of shape [D]. */
  Value input() {
    return input;
  }

  /** The network whose result is {@code output}, of shape [O]. */
  RandomNetwork network(String name, Value output) {
    return new RandomNetwork(name, builder.build(output), Weights.of(weights));
  }

  /** A parameter of independent normal numbers. */
  Value normal(String name, double mean, double deviation, long... dims) {
    builder.origin(name);
    double[] values =
        IntStream.range(0, Shape.of(dims).intSize())
            .mapToDouble(i -> mean + deviation * random.nextGaussian())
            .toArray();
    weights.put(name, Literal.of(TensorType.real(dims), values));
    return builder.parameter(name, TensorType.real(dims));
  }

  /**
   * x W^T + b at each of T positions. The variance of W is {@code gain} over the width of x, which
   * keeps the size of activations through the depth (He et al. 2015 with gain 2).
   *
   * @param x [T, r]
   * @return [T, width]
   */
  Value dense(String name, Value x, long width, double gain) {
    long inputs = x.shape().dim(1);
    Value weight = normal(name + ".weight", 0, Math.sqrt(gain / inputs), width, inputs);
    Value y = MatMul.matMulTransposed(x, weight);
    Value bias = normal(name + ".bias", 0, SMALL, width);
    return Add.add(y, Broadcast.leading(bias, y.shape()));
  }

  /**
   * A convolution of a square kernel without bias, of the variance that {@link #dense} has with
   * gain 2.
   *
   * @param x [1, C, S, S]
   * @param padding zeros on each side
   * @return [1, filters, T, T]
   */
  Value convolution(String name, Value x, long filters, long kernel, long stride, long padding) {
    long channels = x.shape().dim(1);
    double deviation = Math.sqrt(2.0 / (channels * kernel * kernel));
    Value weight = normal(name + ".weight", 0, deviation, filters, channels, kernel, kernel);
    List<Long> sides = List.of(padding, padding);
    Window window = new Window(List.of(kernel, kernel), List.of(stride, stride), List.of(1L, 1L));
    return Convolution.convolve(Window.pad(x, sides, sides), weight, window, 1);
  }

  /**
   * Batch normalisation in inference (Ioffe and Szegedy 2015): (x - mean) / sqrt(variance + 1e-5)
   * scale + shift for each channel, with mean and variance constants, scale and shift parameters.
   *
   * @param x [1, C, S, S]
   */
  Value batchNorm(String name, Value x) {
    int channels = Math.toIntExact(x.shape().dim(1));
    double[] factor = new double[channels];
    double[] offset = new double[channels];
    for (int c = 0; c < channels; c++) {
      factor[c] = 1 / Math.sqrt(random.nextDouble(0.5, 1.5) + BATCH_EPSILON);
      offset[c] = -SMALL * random.nextGaussian() * factor[c];
    }
    TensorType type = TensorType.real(channels);
    Value standard =
        Normalisation.affine(
            x,
            builder.constant(Literal.of(type, factor)),
            builder.constant(Literal.of(type, offset)),
            1);
    return affine(name, standard, 1);
  }

  /**
   * Layer normalisation (Ba, Kiros and Hinton 2016) over the last axis, with scale and shift.
   *
   * @param x [T, C]
   */
  Value layerNorm(String name, Value x) {
    return affine(name, Normalisation.standardise(x, 1, LAYER_EPSILON), 1);
  }

  private Value affine(String name, Value x, int axis) {
    long channels = x.shape().dim(axis);
    Value scale = normal(name + ".weight", 1, SMALL, channels);
    return Normalisation.affine(x, scale, normal(name + ".bias", 0, SMALL, channels), axis);
  }

  /**
   * A readout.
   *
   * @param x any shape, taken as one vector
   * @return [outputs]
   */
  Value readout(String name, Value x, long outputs) {
    Value row = Reshape.reshape(x, 1, x.shape().size());
    return Reshape.reshape(dense(name, row, outputs, 1), outputs);
  }
}
