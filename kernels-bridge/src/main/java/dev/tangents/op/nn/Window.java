package dev.tangents.op.nn;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.index.StridedAdd;
import dev.tangents.op.index.StridedView;
import dev.tangents.op.index.Strides;
import dev.tangents.op.index.Strides.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A kernel that slides over the last axes of a tensor, the spatial ones: its extents, and by how
 * much it moves and how far its elements are apart.
 *
 * @param kernel extents of the kernel
 * @param stride distance of neighbouring positions
 * @param dilation distance of neighbouring elements of the kernel
 */
public record Window(List<Long> kernel, List<Long> stride, List<Long> dilation) {
  /**
   * Copies the lists.
   *
   * @throws TangentsException of category MODEL if their lengths differ or a number is below 1
   */
  public Window {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    dilation = List.copyOf(dilation);
    boolean fits = kernel.size() == stride.size() && kernel.size() == dilation.size();
    for (List<Long> numbers : List.of(kernel, stride, dilation)) {
      fits &= numbers.stream().allMatch(n -> n >= 1 && n <= Integer.MAX_VALUE);
    }
    if (!fits) {
      throw TangentsException.model(
          "window: kernel %s, stride %s, dilation %s; expected one number from 1 on for each spatial axis",
          kernel, stride, dilation);
    }
  }

  /** Number of spatial axes. */
  public int rank() {
    return kernel.size();
  }

  /** Number of elements of the kernel. */
  public long size() {
    return kernel.stream().reduce(1L, Math::multiplyExact);
  }

  /** How much of spatial axis {@code axis} the kernel covers, gaps included. */
  public long span(int axis) {
    return (kernel.get(axis) - 1) * dilation.get(axis) + 1;
  }

  /**
   * Number of positions in spatial extents {@code space}.
   *
   * @throws TangentsException of category MODEL if the kernel does not fit
   */
  public Shape positions(Shape space) {
    long[] positions = new long[rank()];
    for (int i = 0; i < rank(); i++) {
      if (space.dim(i) < span(i)) {
        throw TangentsException.model(
            "window: a kernel that covers %d does not fit into %d elements of spatial axis %d",
            span(i), space.dim(i), i);
      }
      positions[i] = (space.dim(i) - span(i)) / stride.get(i) + 1;
    }
    return Shape.of(positions);
  }

  /**
   * The patches under the kernel.
   *
   * @param x [A..., S...] with the spatial axes last
   * @param order the axes A that come before the positions, then those that come between positions
   *     and kernel; each once
   * @param before how many of {@code order} come before the positions
   * @return [A..., T..., A..., K...]
   */
  Value patches(Value x, List<Integer> order, int before) {
    return StridedView.view(x, strides(x.shape(), order, before));
  }

  /** The window of {@link #patches} onto a tensor of shape {@code shape}. */
  Strides strides(Shape shape, List<Integer> order, int before) {
    int lead = shape.rank() - rank();
    Shape positions = positions(shape.slice(lead, shape.rank()));
    List<Axis> axes = new ArrayList<>();
    order.subList(0, before).forEach(a -> axes.add(new Axis(shape.dim(a), a, 1)));
    for (int i = 0; i < rank(); i++) {
      axes.add(new Axis(positions.dim(i), lead + i, stride.get(i)));
    }
    order.subList(before, lead).forEach(a -> axes.add(new Axis(shape.dim(a), a, 1)));
    for (int i = 0; i < rank(); i++) {
      axes.add(new Axis(kernel.get(i), lead + i, dilation.get(i)));
    }
    return new Strides(shape, axes, IntStream.range(0, shape.rank()).mapToObj(a -> 0L).toList());
  }

  /** Puts {@code low} zeros before and {@code high} behind each of the last axes of {@code x}. */
  public static Value pad(Value x, List<Long> low, List<Long> high) {
    boolean none = low.stream().allMatch(n -> n == 0) && high.stream().allMatch(n -> n == 0);
    if (none) {
      return x;
    }
    Shape shape = x.shape();
    Shape padded = shape;
    int lead = shape.rank() - low.size();
    for (int i = 0; i < low.size(); i++) {
      padded = padded.with(lead + i, shape.dim(lead + i) + low.get(i) + high.get(i));
    }
    return StridedAdd.add(x, inner(padded, low, shape));
  }

  /** The {@code extents} of the last axes of {@code x} from {@code low} on. */
  static Value crop(Value x, List<Long> low, List<Long> extents) {
    Shape inner = x.shape();
    int lead = inner.rank() - low.size();
    for (int i = 0; i < low.size(); i++) {
      inner = inner.with(lead + i, extents.get(i));
    }
    return inner.equals(x.shape()) ? x : StridedView.view(x, inner(x.shape(), low, inner));
  }

  private static Strides inner(Shape outer, List<Long> low, Shape inner) {
    int lead = outer.rank() - low.size();
    List<Axis> axes = new ArrayList<>();
    List<Long> start = new ArrayList<>();
    for (int a = 0; a < outer.rank(); a++) {
      axes.add(new Axis(inner.dim(a), a, 1));
      start.add(a < lead ? 0 : low.get(a - lead));
    }
    return new Strides(outer, axes, start);
  }
}
