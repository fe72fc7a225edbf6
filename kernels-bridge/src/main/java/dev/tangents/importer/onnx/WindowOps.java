package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.nn.Convolution;
import dev.tangents.op.nn.Pooling;
import dev.tangents.op.nn.Window;
import dev.tangents.op.shape.Broadcast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operators whose kernel slides over images: convolutions and poolings. */
final class WindowOps {
  private WindowOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.same("Conv", WindowOps::convolution);
    table.same("ConvTranspose", WindowOps::transposed);
    table.same("MaxPool", WindowOps::maxPool);
    table.same("AveragePool", WindowOps::averagePool);
  }

  private static Value convolution(NodeCall call) {
    Value x = call.value(0);
    Value weight = call.value(1);
    Window window = window(call, weight.shape().slice(2, weight.shape().rank()));
    Padding padding = Padding.of(call, space(x), window);
    Value y =
        Convolution.convolve(
            Window.pad(x, padding.low(), padding.high()), weight, window, call.integer("group", 1));
    return biased(call, y);
  }

  private static Value biased(NodeCall call, Value y) {
    return call.has(2) ? Add.add(y, Broadcast.broadcast(call.value(2), y.shape(), List.of(1))) : y;
  }

  private static Value transposed(NodeCall call) {
    Value x = call.value(0);
    Value weight = call.value(1);
    Window window = window(call, weight.shape().slice(2, weight.shape().rank()));
    int rank = window.rank();
    List<Long> pads = list(call.integers("pads"), 2 * rank, 0);
    List<Long> more = list(call.integers("output_padding"), rank, 0);
    String mode = call.text("auto_pad", "NOTSET");
    List<Long> low = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long stride = window.stride().get(i);
      long covered = (space(x).dim(i) - 1) * stride + window.span(i) + more.get(i);
      long extent = covered - pads.get(i) - pads.get(rank + i);
      if (call.hasAttribute("output_shape") || mode.startsWith("SAME")) {
        long[] stated = call.integers("output_shape").orElse(null);
        extent = stated == null ? space(x).dim(i) * stride : stated[i];
        long total = Math.max(0, covered - extent);
        low.add(mode.equals("SAME_UPPER") ? total / 2 : total - total / 2);
      } else {
        low.add(pads.get(i));
      }
      extents.add(extent);
    }
    Value y = Convolution.transposed(x, weight, window, call.integer("group", 1), low, extents);
    return biased(call, y);
  }

  private static Value maxPool(NodeCall call) {
    Value x = call.value(0);
    Window window = window(call, kernel(call));
    Padding padding = Padding.of(call, space(x), window);
    return Pooling.max(x, window, padding.low(), padding.high());
  }

  /** The mean over what counts: always the image, the declared padding on demand. */
  private static Value averagePool(NodeCall call) {
    Value x = call.value(0);
    Window window = window(call, kernel(call));
    Padding padding = Padding.of(call, space(x), window);
    if (call.integer("count_include_pad", 0) != 0) {
      x = Window.pad(x, padding.low(), padding.declaredHigh());
      padding = padding.beyondDeclared();
    }
    return Pooling.mean(x, window, padding.low(), padding.high());
  }

  private static Shape space(Value x) {
    if (x.shape().rank() < 3) {
      throw TangentsException.model("expected images [N, C, S...], got %s", x.shape());
    }
    return x.shape().slice(2, x.shape().rank());
  }

  private static Shape kernel(NodeCall call) {
    return Shape.of(
        call.integers("kernel_shape")
            .orElseThrow(() -> TangentsException.model("attribute 'kernel_shape' is missing")));
  }

  private static Window window(NodeCall call, Shape kernel) {
    long[] stated = call.integers("kernel_shape").orElse(kernel.dims());
    if (!Arrays.equals(stated, kernel.dims())) {
      throw TangentsException.model(
          "attribute 'kernel_shape' is %s, the weight's is %s", Arrays.toString(stated), kernel);
    }
    int rank = kernel.rank();
    return new Window(
        Arrays.stream(kernel.dims()).boxed().toList(),
        list(call.integers("strides"), rank, 1),
        list(call.integers("dilations"), rank, 1));
  }

  /** The numbers of an attribute, or {@code other} for each axis. */
  static List<Long> list(Optional<long[]> numbers, int count, long other) {
    List<Long> list =
        numbers
            .map(n -> Arrays.stream(n).boxed().toList())
            .orElseGet(() -> Collections.nCopies(count, other));
    if (list.size() != count) {
      throw TangentsException.model(
          "expected %d numbers for the spatial axes, got %s", count, list);
    }
    return list;
  }
}
