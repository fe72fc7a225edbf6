package dev.tangents.op.nn;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.Strides;
import dev.tangents.op.linalg.MatMul;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution over any number of spatial axes, channels first, as patches times weight (im2col;
 * Chellapilla, Puri, Simard 2006). Letters: B images, C channels in, F channels out, g groups, S...
 * spatial extents, T... positions, K... kernel. With one group and B = 1 the weight enters a
 * product of two matrices, [T, C K] [C K, F], so its kernel term has factors like any dense layer's
 * with T positions.
 */
public final class Convolution {
  private Convolution() {}

  /**
   * y[b, f, t] = sum over c, k of weight[f, c, k] x[b, c, stride t + dilation k].
   *
   * @param x [B, C, S...], padded already
   * @param weight [F, C / g, K...]
   * @return [B, F, T...]
   * @throws TangentsException of category MODEL if the extents do not fit
   */
  public static Value convolve(Value x, Value weight, Window window, long groups) {
    Shape shape = x.shape();
    long images = shape.dim(0);
    long filters = weight.shape().dim(0);
    requireFits(shape, weight.shape().dim(1) * groups, filters, groups, window);
    Shape space = shape.slice(2, shape.rank());
    Shape positions = window.positions(space);
    long depth = weight.shape().dim(1) * window.size();
    if (groups == 1) {
      Value patches = window.patches(x, List.of(0, 1), 1);
      Value rows = reshape(patches, images * positions.size(), depth);
      Value y = MatMul.matMulTransposed(rows, reshape(weight, filters, depth));
      return reshape(
          transpose(reshape(y, images, positions.size(), filters), 0, 2, 1),
          Shape.of(images, filters).concat(positions));
    }
    Shape grouped = Shape.of(images, groups, shape.dim(1) / groups).concat(space);
    Value patches = window.patches(reshape(x, grouped), List.of(1, 0, 2), 2);
    Value rows = reshape(patches, groups, images * positions.size(), depth);
    Value y = MatMul.matMulTransposed(rows, reshape(weight, groups, filters / groups, depth));
    Value split = reshape(y, groups, images, positions.size(), filters / groups);
    return reshape(transpose(split, 1, 0, 3, 2), Shape.of(images, filters).concat(positions));
  }

  /**
   * The transpose of {@link #convolve} in x, without the padding: y[b, f, stride s + dilation k] +=
   * x[b, c, s] weight[c, f, k].
   *
   * @param x [B, C, S...]
   * @param weight [C, F / g, K...]
   * @param low how many elements to cut off before each spatial axis of the result
   * @param extents spatial extents of the result; elements that no kernel reaches are zero
   * @return [B, F, extents...]
   */
  public static Value transposed(
      Value x, Value weight, Window window, long groups, List<Long> low, List<Long> extents) {
    Shape shape = x.shape();
    long images = shape.dim(0);
    long channels = shape.dim(1);
    requireFits(shape, weight.shape().dim(0), weight.shape().dim(1) * groups, groups, window);
    Shape space = shape.slice(2, shape.rank());
    long filters = weight.shape().dim(1);
    long[] full = new long[window.rank()];
    for (int i = 0; i < full.length; i++) {
      long covered = (space.dim(i) - 1) * window.stride().get(i) + window.span(i);
      full[i] = Math.max(covered, low.get(i) + extents.get(i));
    }
    Value parts = reshape(x, images, groups, channels / groups, space.size());
    Value rows = transpose(parts, 1, 0, 3, 2); // [g, B, S, C / g]
    Value y = product(rows, weight, groups, filters * window.size());
    Shape target = Shape.of(images, groups, filters).concat(Shape.of(full));
    // Positions are the operand's spatial axes: the windows of a tensor that they exactly fill.
    Strides strides = window.strides(tight(target, space, window), List.of(1, 0, 2), 2);
    Value spread = StridedAdd.add(reshape(y, strides.view()), strides);
    Value grown = grow(spread, target);
    Value cropped = Window.crop(grown, low, extents);
    return reshape(cropped, Shape.of(images, groups * filters).concat(shape(extents)));
  }

  private static Value product(Value rows, Value weight, long groups, long width) {
    Shape s = rows.shape();
    if (groups == 1) {
      Value matrix = reshape(rows, s.dim(1) * s.dim(2), s.dim(3));
      return MatMul.matMul(matrix, reshape(weight, s.dim(3), width));
    }
    Value stack = reshape(rows, groups, s.dim(1) * s.dim(2), s.dim(3));
    return MatMul.matMul(stack, reshape(weight, groups, s.dim(3), width));
  }

  private static Shape tight(Shape target, Shape space, Window window) {
    Shape tight = target;
    for (int i = 0; i < window.rank(); i++) {
      tight = tight.with(3 + i, (space.dim(i) - 1) * window.stride().get(i) + window.span(i));
    }
    return tight;
  }

  private static Value grow(Value x, Shape target) {
    List<Long> none = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    for (int a = 3; a < target.rank(); a++) {
      none.add(0L);
      high.add(target.dim(a) - x.shape().dim(a));
    }
    return Window.pad(x, none, high);
  }

  private static Shape shape(List<Long> extents) {
    return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * The elements under each position of the kernel, for a pooling to fold.
   *
   * @param x [B, C, S...], padded already
   * @return [B, C, T..., K] with the kernel's axes joined
   */
  public static Value pooled(Value x, Window window) {
    Shape shape = x.shape();
    Shape positions = window.positions(shape.slice(2, shape.rank()));
    Value patches = window.patches(x, List.of(0, 1), 2);
    return reshape(patches, shape.slice(0, 2).concat(positions).concat(Shape.of(window.size())));
  }

  private static void requireFits(
      Shape x, long channels, long filters, long groups, Window window) {
    boolean fits =
        groups >= 1
            && x.rank() == 2 + window.rank()
            && x.dim(1) == channels
            && channels % groups == 0
            && filters % groups == 0;
    if (!fits) {
      throw TangentsException.model(
          "convolution: a weight for %d channels in, %d out, %d groups and %d spatial axes does not fit %s",
          channels, filters, groups, window.rank(), x);
    }
  }
}
