package dev.tangents.op.nn;

import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Poolings of images, channels first, over any number of spatial axes. Padding never wins a maximum
 * and never counts in a mean.
 */
public final class Pooling {
  /** Below every activation, and finite, so that no product with it is NaN. */
  private static final double LOWEST = -Float.MAX_VALUE;

  private Pooling() {}

  /**
   * The largest element under the window, of equal ones the first.
   *
   * @param x [B, C, S...]
   * @param low elements of padding before each spatial axis
   * @param high elements of padding behind it
   * @return [B, C, T...]
   */
  public static Value max(Value x, Window window, List<Long> low, List<Long> high) {
    Value padded = Window.pad(x, low, high);
    if (!padded.shape().equals(x.shape())) {
      padded = Add.add(padded, plane(padded, outside(x, padded, low)));
    }
    return ReduceMax.reduceMax(Convolution.pooled(padded, window), -1);
  }

  /**
   * The mean of the elements under the window that are not padding.
   *
   * @param x [B, C, S...]
   * @param low elements of padding before each spatial axis
   * @param high elements of padding behind it
   * @return [B, C, T...]
   */
  public static Value mean(Value x, Window window, List<Long> low, List<Long> high) {
    Value sum = sum(x, window, low, high);
    double[] shares = {1};
    for (int axis = 0; axis < window.rank(); axis++) {
      long extent = x.shape().dim(2 + axis);
      shares = outer(shares, shares(window, axis, low.get(axis), extent, sum.shape()));
    }
    return Mul.mul(sum, plane(sum, shares));
  }

  /**
   * The sum of the elements under the window.
   *
   * @param x [B, C, S...]
   * @param low elements of padding before each spatial axis
   * @param high elements of padding behind it
   * @return [B, C, T...]
   */
  public static Value sum(Value x, Window window, List<Long> low, List<Long> high) {
    Value elements = Convolution.pooled(Window.pad(x, low, high), window);
    return Sum.sum(elements, elements.shape().rank() - 1);
  }

  /** The lowest number on the padding, 0 on the image. */
  private static double[] outside(Value x, Value padded, List<Long> low) {
    Shape space = space(padded.shape());
    double[] values = new double[space.intSize()];
    for (int i = 0; i < values.length; i++) {
      long rest = i;
      for (int axis = space.rank() - 1; axis >= 0; axis--) {
        long position = rest % space.dim(axis) - low.get(axis);
        rest /= space.dim(axis);
        if (position < 0 || position >= x.shape().dim(2 + axis)) {
          values[i] = LOWEST;
        }
      }
    }
    return values;
  }

  /**
   * At each position of a window along an axis, one over the number of its elements that are in the
   * image.
   */
  private static double[] shares(Window window, int axis, long low, long extent, Shape result) {
    double[] shares = new double[Math.toIntExact(result.dim(2 + axis))];
    for (int t = 0; t < shares.length; t++) {
      int count = 0;
      for (long k = 0; k < window.kernel().get(axis); k++) {
        long place = t * window.stride().get(axis) + k * window.dilation().get(axis) - low;
        count += place >= 0 && place < extent ? 1 : 0;
      }
      shares[t] = 1.0 / Math.max(1, count);
    }
    return shares;
  }

  private static double[] outer(double[] a, double[] b) {
    double[] product = new double[a.length * b.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = a[i / b.length] * b[i % b.length];
    }
    return product;
  }

  /**
   * A tensor of the shape of {@code like} that has the given numbers for every image and channel.
   */
  private static Value plane(Value like, double... values) {
    Shape space = space(like.shape());
    Value plane = like.builder().constant(Literal.of(TensorType.real(space), values));
    List<Integer> axes = IntStream.range(2, like.shape().rank()).boxed().toList();
    return Broadcast.broadcast(plane, like.shape(), axes);
  }

  private static Shape space(Shape images) {
    return images.slice(2, images.rank());
  }
}
