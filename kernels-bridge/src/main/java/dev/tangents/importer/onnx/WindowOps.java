package dev.tangents.importer.onnx;

import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.nn.Convolution;
import dev.tangents.op.nn.Window;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operators whose kernel slides over images: convolutions and poolings. */
final class WindowOps {
  /** Below every activation, and finite, so that no product with it is NaN. */
  private static final double LOWEST = -Float.MAX_VALUE;

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
    Value padded = Window.pad(x, padding.low(), padding.high());
    if (!padded.shape().equals(x.shape())) {
      padded = Add.add(padded, outside(call, x.shape(), padded.shape(), padding));
    }
    return ReduceMax.reduceMax(Convolution.pooled(padded, window), -1);
  }

  /** The lowest number on the padding, 0 on the image. */
  private static Value outside(NodeCall call, Shape inner, Shape outer, Padding padding) {
    Shape space = outer.slice(2, outer.rank());
    double[] values = new double[space.intSize()];
    for (int i = 0; i < values.length; i++) {
      int rest = i;
      for (int axis = space.rank() - 1; axis >= 0; axis--) {
        long position = rest % space.dim(axis) - padding.low().get(axis);
        rest /= (int) space.dim(axis);
        if (position < 0 || position >= inner.dim(2 + axis)) {
          values[i] = LOWEST;
        }
      }
    }
    Value plane = call.builder().constant(Literal.of(TensorType.real(space), values));
    return Broadcasting.to(plane, outer);
  }

  /** The mean over what counts: always the image, the declared padding on demand. */
  private static Value averagePool(NodeCall call) {
    Value x = call.value(0);
    Window window = window(call, kernel(call));
    Padding padding = Padding.of(call, space(x), window);
    Value elements = Convolution.pooled(Window.pad(x, padding.low(), padding.high()), window);
    Value sum = Sum.sum(elements, elements.shape().rank() - 1);
    boolean paddingCounts = call.integer("count_include_pad", 0) != 0;
    double[] weights = {1};
    for (int axis = 0; axis < window.rank(); axis++) {
      weights = outer(weights, padding.shares(axis, space(x).dim(axis), window, paddingCounts));
    }
    Shape positions = sum.shape().slice(2, sum.shape().rank());
    Value share = call.builder().constant(Literal.of(TensorType.real(positions), weights));
    return mul(sum, Broadcasting.to(share, sum.shape()));
  }

  private static double[] outer(double[] a, double[] b) {
    double[] product = new double[a.length * b.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = a[i / b.length] * b[i % b.length];
    }
    return product;
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
