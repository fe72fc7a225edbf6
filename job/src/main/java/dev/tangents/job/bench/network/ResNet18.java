package dev.tangents.job.bench.network;

import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.reduce.Sum;

/**
 * ResNet-18 (He, Zhang, Ren and Sun 2016, table 1) for images of 32 x 32: the first convolution is
 * 3 x 3 with stride 1 and no pooling follows it, as is usual for CIFAR. Four stages of two basic
 * blocks, of w, 2 w, 4 w and 8 w channels. With w = 64 and 10 outputs P = 11,173,962.
 */
public final class ResNet18 {
  /** Channels of the first stage in the published network. */
  public static final long FULL_WIDTH = 64;

  private static final long SIDE = 32;
  private static final long COLOURS = 3;

  private final Layers layers = new Layers(COLOURS * SIDE * SIDE);

  private ResNet18() {}

  /**
   * The network.
   *
   * @param width w, channels of the first stage
   * @param outputs O
   */
  public static RandomNetwork of(long width, long outputs) {
    return new ResNet18().build(width, outputs);
  }

  private RandomNetwork build(long width, long outputs) {
    Value x = reshape(layers.input(), 1, COLOURS, SIDE, SIDE);
    x = relu(layers.batchNorm("bn1", layers.convolution("conv1", x, width, 3, 1, 1)));
    for (int stage = 1; stage <= 4; stage++) {
      long channels = width << (stage - 1);
      x = block("layer%d.0".formatted(stage), x, channels, stage == 1 ? 1 : 2);
      x = block("layer%d.1".formatted(stage), x, channels, 1);
    }
    Value pooled = Sum.mean(x, 2, 3);
    return layers.network("ResNet-18/32", layers.readout("fc", pooled, outputs));
  }

  /** relu(bn(conv(relu(bn(conv x)))) + shortcut(x)). */
  private Value block(String name, Value x, long channels, long stride) {
    Value y = layers.convolution(name + ".conv1", x, channels, 3, stride, 1);
    y = relu(layers.batchNorm(name + ".bn1", y));
    y = layers.convolution(name + ".conv2", y, channels, 3, 1, 1);
    y = layers.batchNorm(name + ".bn2", y);
    return relu(Add.add(y, shortcut(name + ".downsample", x, channels, stride)));
  }

  private Value shortcut(String name, Value x, long channels, long stride) {
    if (stride == 1 && x.shape().dim(1) == channels) {
      return x;
    }
    Value y = layers.convolution(name + ".0", x, channels, 1, stride, 0);
    return layers.batchNorm(name + ".1", y);
  }
}
