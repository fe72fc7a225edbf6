package dev.tangents.importer.onnx;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that arrange elements anew. */
final class ShapeOps {
  private ShapeOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.unary("Identity", (x, call) -> x);
    table.add("Dropout", ShapeOps::dropout);
    table.same("Reshape", ShapeOps::reshaped);
    table.same("Flatten", ShapeOps::flatten);
    table.same("Squeeze", ShapeOps::squeeze);
    table.same("Unsqueeze", ShapeOps::unsqueeze);
    table.same("Transpose", ShapeOps::transpose);
    table.same("Concat", ShapeOps::concat);
    table.add("Split", ShapeOps::split);
    table.add("SplitToSequence", ShapeOps::splitToSequence);
    table.one("SequenceAt", ShapeOps::partOf);
    table.same("Expand", ShapeOps::expand);
    table.same("Tile", ShapeOps::tile);
    table.same("DepthToSpace", ShapeOps::depthToSpace);
    table.same("SpaceToDepth", ShapeOps::spaceToDepth);
  }

  private static List<Tensor> dropout(NodeCall call) {
    if (call.has(2) && call.number(2) != 0) {
      throw TangentsException.model("it is in training mode. Export the model in eval mode");
    }
    Tensor mask = new Tensor(call.builder().splat(call.value(0).shape(), 1), Tensor.Kind.BOOL);
    return List.of(call.tensor(0), mask);
  }

  private static Value reshaped(NodeCall call) {
    Value x = call.value(0);
    long[] dims = call.integers(1);
    boolean copyZero = call.integer("allowzero", 0) == 0;
    int open = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && copyZero) {
        dims[i] = x.shape().dim(i);
      }
      if (dims[i] == -1 && open < 0) {
        open = i;
      } else {
        known = Math.multiplyExact(known, dims[i]);
      }
    }
    if (open >= 0) {
      if (known == 0 || x.shape().size() % known != 0) {
        throw TangentsException.model("%s does not fit shape %s", x.shape(), Arrays.toString(dims));
      }
      dims[open] = x.shape().size() / known;
    }
    return reshape(x, Shape.of(dims));
  }

  private static Value flatten(NodeCall call) {
    Shape shape = call.value(0).shape();
    int axis = (int) call.integer("axis", 1);
    int cut = axis < 0 ? axis + shape.rank() : axis;
    if (cut < 0 || cut > shape.rank()) {
      throw TangentsException.model("attribute 'axis' is %d; %s has no such axis", axis, shape);
    }
    return reshape(
        call.value(0), shape.slice(0, cut).size(), shape.slice(cut, shape.rank()).size());
  }

  private static Value squeeze(NodeCall call) {
    Shape shape = call.value(0).shape();
    long[] axes =
        call.axes()
            .orElseGet(
                () ->
                    LongStream.range(0, shape.rank())
                        .filter(axis -> shape.dim((int) axis) == 1)
                        .toArray());
    List<Integer> gone = Arrays.stream(axes).mapToObj(a -> shape.normalise((int) a)).toList();
    long[] kept =
        IntStream.range(0, shape.rank())
            .filter(axis -> !gone.contains(axis))
            .mapToLong(shape::dim)
            .toArray();
    return reshape(call.value(0), Shape.of(kept));
  }

  private static Value unsqueeze(NodeCall call) {
    Shape shape = call.value(0).shape();
    long[] axes =
        call.axes()
            .orElseThrow(() -> TangentsException.model("expected axes, as operand or attribute"));
    int rank = shape.rank() + axes.length;
    List<Integer> added =
        Arrays.stream(axes).mapToObj(a -> (int) (a < 0 ? a + rank : a)).sorted().toList();
    Shape result = shape;
    for (int axis : added) {
      if (axis < 0 || axis > result.rank()) {
        throw TangentsException.model("axes %s do not fit %s", Arrays.toString(axes), shape);
      }
      result = result.insert(axis, 1);
    }
    return reshape(call.value(0), result);
  }

  private static Value transpose(NodeCall call) {
    Value x = call.value(0);
    int rank = x.shape().rank();
    long[] order =
        call.integers("perm")
            .orElseGet(() -> LongStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
    return Transpose.transpose(x, Arrays.stream(order).mapToObj(a -> (int) a).toList());
  }

  private static Value concat(NodeCall call) {
    List<Value> parts = IntStream.range(0, call.count()).mapToObj(call::value).toList();
    return Concat.concat(parts, (int) call.integer("axis", 0));
  }

  private static List<Tensor> split(NodeCall call) {
    Value x = call.value(0);
    int axis = x.shape().normalise((int) call.integer("axis", 0));
    long[] extents =
        call.has(1)
            ? call.integers(1)
            : call.integers("split").orElseGet(() -> equalParts(x.shape().dim(axis), call));
    List<Tensor> parts = new ArrayList<>();
    long start = 0;
    for (long extent : extents) {
      parts.add(call.tensor(0).with(Slice.slice(x, axis, start, start + extent)));
      start += extent;
    }
    return parts;
  }

  /** A split into as many parts as there are; without sizes, each is one index of the axis. */
  private static List<Tensor> splitToSequence(NodeCall call) {
    Value x = call.value(0);
    int axis = x.shape().normalise((int) call.integer("axis", 0));
    long extent = x.shape().dim(axis);
    long[] sizes = call.has(1) ? call.integers(1) : new long[] {1};
    boolean each = !call.has(1) || call.value(1).shape().rank() == 0;
    boolean squeezed = !call.has(1) && call.integer("keepdims", 1) == 0;
    List<Tensor> parts = new ArrayList<>();
    long start = 0;
    while (start < extent && (each || parts.size() < sizes.length)) {
      long size = Math.min(extent - start, sizes[each ? 0 : parts.size()]);
      if (size < 1) {
        throw TangentsException.model("a part of %d elements; expected at least 1", size);
      }
      Value part = Slice.slice(x, axis, start, start + size);
      parts.add(call.tensor(0).with(squeezed ? reshape(part, part.shape().remove(axis)) : part));
      start += size;
    }
    return parts;
  }

  /** One part of a sequence; the index is the last operand. */
  private static Tensor partOf(NodeCall call) {
    int parts = call.count() - 1;
    long index = call.integers(parts)[0];
    long position = index < 0 ? index + parts : index;
    if (position < 0 || position >= parts) {
      throw TangentsException.model("part %d of a sequence of %d", index, parts);
    }
    return call.tensor((int) position);
  }

  /** Parts of one size; the last may be smaller. */
  private static long[] equalParts(long extent, NodeCall call) {
    int parts = (int) call.integer("num_outputs", call.outputs());
    if (parts < 1 || parts > call.outputs()) {
      throw TangentsException.model(
          "attribute 'num_outputs' is %d; the node names %d outputs", parts, call.outputs());
    }
    long size = (extent + parts - 1) / parts;
    return LongStream.range(0, parts)
        .map(i -> Math.max(0, Math.min(size, extent - i * size)))
        .toArray();
  }

  private static Value expand(NodeCall call) {
    Value x = call.value(0);
    return Broadcasting.to(x, Broadcasting.common(x.shape(), Shape.of(call.integers(1))));
  }

  /** Repeats each axis as a whole: by a new axis before it, which is then joined to it. */
  private static Value tile(NodeCall call) {
    Value x = call.value(0);
    long[] repeats = call.integers(1);
    if (repeats.length != x.shape().rank()) {
      throw TangentsException.model(
          "%d repeats for shape %s; expected one for each axis", repeats.length, x.shape());
    }
    Shape pairs = Shape.scalar();
    Shape result = Shape.scalar();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < repeats.length; i++) {
      pairs = pairs.concat(Shape.of(repeats[i], x.shape().dim(i)));
      result = result.concat(Shape.of(Math.multiplyExact(repeats[i], x.shape().dim(i))));
      axes.add(2 * i + 1);
    }
    return reshape(Broadcast.broadcast(x, pairs, axes), result);
  }

  /** Channels become blocks of pixels: [N, C b b, H, W] to [N, C, H b, W b]. */
  private static Value depthToSpace(NodeCall call) {
    Value x = call.value(0);
    long block = block(call);
    Shape s = x.shape();
    long channels = s.dim(1) / (block * block);
    if (call.text("mode", "DCR").equals("CRD")) {
      Value parts = reshape(x, s.dim(0), channels, block, block, s.dim(2), s.dim(3));
      return reshape(
          Transpose.transpose(parts, 0, 1, 4, 2, 5, 3),
          Shape.of(s.dim(0), channels, s.dim(2) * block, s.dim(3) * block));
    }
    Value parts = reshape(x, s.dim(0), block, block, channels, s.dim(2), s.dim(3));
    return reshape(
        Transpose.transpose(parts, 0, 3, 4, 1, 5, 2),
        Shape.of(s.dim(0), channels, s.dim(2) * block, s.dim(3) * block));
  }

  /** The reverse: [N, C, H b, W b] to [N, b b C, H, W]. */
  private static Value spaceToDepth(NodeCall call) {
    Value x = call.value(0);
    long block = block(call);
    Shape s = x.shape();
    long height = s.dim(2) / block;
    long width = s.dim(3) / block;
    Value parts = reshape(x, s.dim(0), s.dim(1), height, block, width, block);
    boolean channelsFirst = call.text("mode", "DCR").equals("CRD");
    return reshape(
        channelsFirst
            ? Transpose.transpose(parts, 0, 1, 3, 5, 2, 4)
            : Transpose.transpose(parts, 0, 3, 5, 1, 2, 4),
        Shape.of(s.dim(0), s.dim(1) * block * block, height, width));
  }

  private static long block(NodeCall call) {
    long block = call.integer("blocksize", 0);
    if (block < 1 || call.value(0).shape().rank() != 4) {
      throw TangentsException.model(
          "attribute 'blocksize' is %d for shape %s; expected at least 1, and images [N, C, H, W]",
          block, call.value(0).shape());
    }
    return block;
  }
}
