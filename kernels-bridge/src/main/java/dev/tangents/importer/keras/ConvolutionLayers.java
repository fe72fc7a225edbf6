package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.nn.Convolution;
import dev.tangents.op.nn.Window;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Convolutions. Kernels lie as [K..., channels in, channels out]. */
final class ConvolutionLayers {
  private ConvolutionLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    for (int rank = 1; rank <= 3; rank++) {
      int r = rank;
      table.add("Conv" + r + "D", call -> convolution(new Spatial(call, r)));
      table.add("Conv" + r + "DTranspose", call -> transposed(new Spatial(call, r)));
    }
    for (int rank = 1; rank <= 2; rank++) {
      int r = rank;
      table.add("DepthwiseConv" + r + "D", call -> depthwise(new Spatial(call, r)));
      table.add("SeparableConv" + r + "D", call -> separable(new Spatial(call, r)));
    }
  }

  private static Value convolution(Spatial layer) {
    LayerCall call = layer.call();
    call.requireAbsent("quantization_config");
    call.requireAbsent("lora_rank");
    Value x = layer.image();
    long groups = call.integer("groups", 1);
    long filters = call.integer("filters");
    List<Long> kernel = call.integers("kernel_size", layer.rank());
    Value weight = call.trained("kernel", dims(kernel, x.shape().dim(1) / groups, filters));
    return finished(layer, slide(layer, x, channelsFirst(weight), kernel, groups), filters);
  }

  /** The convolution with a weight [F, C / g, K...], padded, strided and dilated as set. */
  private static Value slide(Spatial layer, Value x, Value weight, List<Long> kernel, long groups) {
    Window window = layer.window(kernel, "strides", "dilation_rate");
    Spatial.Padding padding = layer.padding(window);
    return Convolution.convolve(
        Window.pad(x, padding.low(), padding.high()), weight, window, groups);
  }

  /** Bias and activation. */
  private static Value finished(Spatial layer, Value image, long filters) {
    LayerCall call = layer.call();
    Value y = image;
    if (call.flag("use_bias", true)) {
      y = Add.add(y, Broadcast.broadcast(call.trained("bias", filters), y.shape(), List.of(1)));
    }
    return call.activated(layer.sample(y));
  }

  /** One group for each channel, of {@code depth_multiplier} filters. */
  private static Value depthwise(Spatial layer) {
    LayerCall call = layer.call();
    List<Long> kernel = call.integers("kernel_size", layer.rank());
    Value x = layer.image();
    Value y = perChannel(layer, x, kernel, call.trained("kernel", perChannelDims(layer, kernel)));
    return finished(layer, y, y.shape().dim(1));
  }

  private static long[] perChannelDims(Spatial layer, List<Long> kernel) {
    return dims(kernel, layer.image().shape().dim(1), layer.call().integer("depth_multiplier", 1));
  }

  private static Value perChannel(Spatial layer, Value x, List<Long> kernel, Value weight) {
    long channels = x.shape().dim(1);
    int rank = layer.rank();
    List<Integer> order = new ArrayList<>(List.of(rank, rank + 1));
    for (int i = 0; i < rank; i++) {
      order.add(i);
    }
    Value moved = Transpose.transpose(weight, order); // [C, M, K...]
    Shape filters = Shape.of(channels * moved.shape().dim(1), 1);
    Value grouped = reshape(moved, filters.concat(moved.shape().slice(2, 2 + rank)));
    return slide(layer, x, grouped, kernel, channels);
  }

  /** A depthwise convolution, then one of 1 x 1. */
  private static Value separable(Spatial layer) {
    LayerCall call = layer.call();
    List<Long> kernel = call.integers("kernel_size", layer.rank());
    List<Long> ones = kernel.stream().map(k -> 1L).toList();
    Value x = layer.image();
    Value depthwise = call.trained("depthwise_kernel", perChannelDims(layer, kernel));
    Value y = perChannel(layer, x, kernel, depthwise);
    long filters = call.integer("filters");
    Value pointwise = call.trained("pointwise_kernel", dims(ones, y.shape().dim(1), filters));
    Value z = Convolution.convolve(y, channelsFirst(pointwise), new Window(ones, ones, ones), 1);
    return finished(layer, z, filters);
  }

  /**
   * The transpose of a convolution: of {@code same} padding, extents grow by the stride; of {@code
   * valid}, to all that a kernel reaches, at least the stride.
   */
  private static Value transposed(Spatial layer) {
    LayerCall call = layer.call();
    Value x = layer.image();
    long filters = call.integer("filters");
    List<Long> kernel = call.integers("kernel_size", layer.rank());
    if (call.has("output_padding")) {
      throw call.unfit("output_padding", "null");
    }
    Value weight = call.trained("kernel", dims(kernel, filters, x.shape().dim(1)));
    Window window = layer.window(kernel, "strides", "dilation_rate");
    boolean same = call.text("padding", "valid").equals("same");
    List<Long> low = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    for (int i = 0; i < layer.rank(); i++) {
      long stride = window.stride().get(i);
      long beyond = Math.max(0, window.span(i) - stride);
      low.add(same ? beyond / 2 : 0);
      extents.add(x.shape().dim(2 + i) * stride + (same ? 0 : beyond));
    }
    Value y = Convolution.transposed(x, channelsFirst(weight), window, 1, low, extents);
    return finished(layer, y, filters);
  }

  private static long[] dims(List<Long> kernel, long... channels) {
    return LongStream.concat(kernel.stream().mapToLong(Long::longValue), LongStream.of(channels))
        .toArray();
  }

  /** [K..., a, b] as [b, a, K...]. */
  private static Value channelsFirst(Value weight) {
    int rank = weight.shape().rank() - 2;
    List<Integer> order = new ArrayList<>(List.of(rank + 1, rank));
    for (int i = 0; i < rank; i++) {
      order.add(i);
    }
    return Transpose.transpose(weight, order);
  }
}
