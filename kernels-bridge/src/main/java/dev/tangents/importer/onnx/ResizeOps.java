package dev.tangents.importer.onnx;

import static dev.tangents.op.shape.Transpose.moveAxis;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.stream.LongStream;

/**
 * Resizing by nearest neighbours or linearly. Either is linear in the image and acts on each axis
 * by itself, so it is a product with one fixed matrix an axis.
 */
final class ResizeOps {
  private ResizeOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.same("Resize", ResizeOps::resize);
  }

  private static Value resize(NodeCall call) {
    if (call.integer("antialias", 0) != 0
        || !call.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw TangentsException.model(
          "attributes 'antialias' and 'keep_aspect_ratio_policy' are not supported");
    }
    Value x = call.value(0);
    int rank = x.shape().rank();
    long[] axes = call.integers("axes").orElseGet(() -> LongStream.range(0, rank).toArray());
    boolean bySize = call.has(3) && call.value(3).shape().size() > 0;
    double[] numbers = call.literal(bySize ? 3 : 2).toArray();
    if (numbers.length != axes.length) {
      throw TangentsException.model("%d scales or sizes for %d axes", numbers.length, axes.length);
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = x.shape().normalise((int) axes[i]);
      long from = x.shape().dim(axis);
      long to = bySize ? (long) numbers[i] : (long) Math.floor(from * numbers[i]);
      double scale = bySize ? (double) to / from : numbers[i];
      if (to < 1 || to > KnownValues.MOST_ELEMENTS / Math.max(1, from)) {
        throw TangentsException.model("axis %d of %s cannot become %d long", axis, x.shape(), to);
      }
      if (to != from || scale != 1) {
        x = along(x, axis, matrix(call, (int) from, (int) to, scale));
      }
    }
    return x;
  }

  private static Value along(Value x, int axis, Literal matrix) {
    int last = x.shape().rank() - 1;
    Value moved = moveAxis(x, axis, last);
    Value resized = ProductOps.matMul(moved, x.builder().constant(matrix));
    return moveAxis(resized, last, axis);
  }

  /** [from, to]: column j holds the weights of the elements that output j is made of. */
  private static Literal matrix(NodeCall call, int from, int to, double scale) {
    String mode = call.text("mode", "nearest");
    double[] weights = new double[from * to];
    for (int j = 0; j < to; j++) {
      double place = place(call, j, from, scale);
      switch (mode) {
        case "nearest" -> {
          int i = nearest(call.text("nearest_mode", "round_prefer_floor"), place);
          weights[clamp(i, from) * to + j] = 1;
        }
        case "linear" -> {
          double inside = Math.max(0, Math.min(from - 1, place));
          int below = (int) Math.floor(inside);
          weights[below * to + j] += 1 - (inside - below);
          weights[clamp(below + 1, from) * to + j] += inside - below;
        }
        default ->
            throw TangentsException.model(
                "attribute 'mode' is '%s'; expected 'nearest' or 'linear'", mode);
      }
    }
    return Literal.of(TensorType.real(Shape.of(from, to)), weights);
  }

  /** Where output {@code j} lies on the axis of the input. */
  private static double place(NodeCall call, int j, int from, double scale) {
    // The length before it is rounded down to a whole number.
    double to = from * scale;
    String mode = call.text("coordinate_transformation_mode", "half_pixel");
    return switch (mode) {
      case "half_pixel" -> (j + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> to > 1 ? (j + 0.5) / scale - 0.5 : 0;
      case "half_pixel_symmetric" -> {
        double adjustment = Math.floor(to) / to;
        double offset = from / 2.0 * (1 - adjustment);
        yield offset + (j + 0.5) / scale - 0.5;
      }
      case "align_corners" -> to > 1 ? j * (from - 1.0) / (to - 1) : 0;
      case "asymmetric" -> j / scale;
      default ->
          throw TangentsException.model(
              "attribute 'coordinate_transformation_mode' is '%s', which is not supported", mode);
    };
  }

  private static int nearest(String mode, double place) {
    return (int)
        switch (mode) {
          case "round_prefer_floor" -> Math.ceil(place - 0.5);
          case "round_prefer_ceil" -> Math.floor(place + 0.5);
          case "floor" -> Math.floor(place);
          case "ceil" -> Math.ceil(place);
          default ->
              throw TangentsException.model(
                  "attribute 'nearest_mode' is '%s', which is not supported", mode);
        };
  }

  private static int clamp(int i, int extent) {
    return Math.max(0, Math.min(extent - 1, i));
  }
}
