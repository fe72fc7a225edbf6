package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.nn.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer whose kernel slides over images or sequences: the image as the primitives want it, [1, C,
 * S...], and back again.
 *
 * @param call the layer
 * @param rank number of spatial axes
 */
record Spatial(LayerCall call, int rank) {
  /**
   * Checks the rank of the input.
   *
   * @throws TangentsException of category MODEL if it is not one more than {@code rank}
   */
  Spatial {
    Shape shape = call.input().shape();
    if (shape.rank() != rank + 1) {
      throw TangentsException.model(
          "a sample of its input has shape %s; expected %d spatial axes and channels", shape, rank);
    }
  }

  /** Whether channels come after the spatial axes. */
  boolean channelsLast() {
    String format = call.text("data_format", "channels_last");
    return switch (format) {
      case "channels_last" -> true;
      case "channels_first" -> false;
      default -> throw call.unfit("data_format", "channels_last or channels_first");
    };
  }

  /** The input as [1, C, S...]. */
  Value image() {
    Value x = call.input();
    Value first = channelsLast() ? moveAxis(x, rank, 0) : x;
    return reshape(first, first.shape().insert(0, 1));
  }

  /** The image [1, C, S...] in the layout of the layer. */
  Value sample(Value image) {
    Value y = reshape(image, image.shape().remove(0));
    return channelsLast() ? moveAxis(y, 0, rank) : y;
  }

  /** The window of a kernel. */
  Window window(List<Long> kernel, String strides, String dilation) {
    return new Window(
        kernel,
        call.has(strides) ? call.integers(strides, rank) : kernel,
        call.has(dilation) ? call.integers(dilation, rank) : kernel.stream().map(k -> 1L).toList());
  }

  /**
   * Elements of padding before and behind each spatial axis.
   *
   * @param low before
   * @param high behind
   */
  record Padding(List<Long> low, List<Long> high) {}

  /**
   * What {@code padding} means: {@code same} makes one position for every stride, with the odd
   * element behind; {@code causal} puts all of it before.
   */
  Padding padding(Window window) {
    String mode = call.text("padding", "valid");
    Shape space = image().shape();
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long extent = space.dim(2 + i);
      long stride = window.stride().get(i);
      long positions = (extent + stride - 1) / stride;
      long same = Math.max(0, (positions - 1) * stride + window.span(i) - extent);
      long total =
          switch (mode) {
            case "valid" -> 0;
            case "same" -> same;
            case "causal" -> window.span(i) - 1;
            default -> throw call.unfit("padding", "valid, same or causal");
          };
      low.add(mode.equals("causal") ? total : total / 2);
      high.add(total - low.get(i));
    }
    return new Padding(low, high);
  }
}
