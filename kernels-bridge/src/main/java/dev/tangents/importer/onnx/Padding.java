package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.op.nn.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many elements are put around each spatial axis before a kernel slides over it.
 *
 * @param low before the first element
 * @param high behind the last, with what rounding up the number of positions needs
 * @param declaredHigh behind the last, as the node declares it
 */
record Padding(List<Long> low, List<Long> high, List<Long> declaredHigh) {
  /**
   * The padding of a node, from its attributes {@code pads}, {@code auto_pad} and {@code
   * ceil_mode}.
   *
   * @param space the spatial extents
   * @throws TangentsException of category MODEL if they contradict each other
   */
  static Padding of(NodeCall call, Shape space, Window window) {
    String mode = call.text("auto_pad", "NOTSET");
    int rank = window.rank();
    if (space.rank() != rank) {
      throw TangentsException.model(
          "a kernel of %d axes over %d spatial axes %s", rank, space.rank(), space);
    }
    List<Long> pads = WindowOps.list(call.integers("pads"), 2 * rank, 0);
    if (pads.stream().anyMatch(pad -> pad < 0)) {
      throw TangentsException.model("attribute 'pads' is %s; expected none below 0", pads);
    }
    boolean up = call.integer("ceil_mode", 0) != 0;
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    List<Long> declared = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long before = pads.get(i);
      long after = pads.get(rank + i);
      if (mode.startsWith("SAME")) {
        long total = same(space.dim(i), window, i);
        before = mode.equals("SAME_LOWER") ? total - total / 2 : total / 2;
        after = total - before;
      }
      low.add(before);
      declared.add(after);
      high.add(after + (up ? roundingUp(space.dim(i) + before, after, window, i) : 0));
    }
    return new Padding(low, high, declared);
  }

  /** The padding that gives a position for every stride of the axis. */
  private static long same(long extent, Window window, int axis) {
    long stride = window.stride().get(axis);
    long positions = (extent + stride - 1) / stride;
    return Math.max(0, (positions - 1) * stride + window.span(axis) - extent);
  }

  /**
   * Further padding behind, if a last position that hangs over still starts on the image or the
   * padding before.
   */
  private static long roundingUp(long start, long after, Window window, int axis) {
    long stride = window.stride().get(axis);
    long room = start + after - window.span(axis);
    long positions = (room + stride - 1) / stride + 1;
    if ((positions - 1) * stride >= start) {
      positions--;
    }
    return Math.max(0, (positions - 1) * stride - room);
  }

  /** What is left to put around an image that has the declared padding around it already. */
  Padding beyondDeclared() {
    List<Long> none = Collections.nCopies(low.size(), 0L);
    List<Long> more = new ArrayList<>();
    for (int i = 0; i < high.size(); i++) {
      more.add(high.get(i) - declaredHigh.get(i));
    }
    return new Padding(none, more, none);
  }
}
