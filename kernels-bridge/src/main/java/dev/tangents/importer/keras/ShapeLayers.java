package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.nn.Window;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Layers that move, repeat, cut or surround numbers. */
final class ShapeLayers {
  private ShapeLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    table.add("Flatten", ShapeLayers::flatten);
    table.add("Reshape", ShapeLayers::reshaped);
    table.add("Permute", ShapeLayers::permute);
    table.add("RepeatVector", ShapeLayers::repeat);
    for (int rank = 1; rank <= 3; rank++) {
      int r = rank;
      table.add("ZeroPadding" + r + "D", call -> pad(new Spatial(call, r)));
      table.add("Cropping" + r + "D", call -> crop(new Spatial(call, r)));
      table.add("UpSampling" + r + "D", call -> enlarge(new Spatial(call, r)));
    }
  }

  /** All numbers in one row, channels last whatever the layout. */
  private static Value flatten(LayerCall call) {
    Value x = call.input();
    boolean first = call.text("data_format", "channels_last").equals("channels_first");
    Value last = first && x.shape().rank() > 1 ? moveAxis(x, 0, x.shape().rank() - 1) : x;
    return reshape(last, x.shape().size());
  }

  private static Value reshaped(LayerCall call) {
    Value x = call.input();
    List<Long> target = call.integers("target_shape");
    long known = target.stream().filter(n -> n != -1).reduce(1L, Math::multiplyExact);
    long free = target.stream().filter(n -> n == -1).count();
    long size = x.shape().size();
    if (free > 1 || known < 1 || size % known != 0 || (free == 0 && known != size)) {
      throw call.unfit("target_shape", "a shape of " + size + " elements, one of them -1 or none");
    }
    return reshape(x, target.stream().mapToLong(n -> n == -1 ? size / known : n).toArray());
  }

  private static Value permute(LayerCall call) {
    Value x = call.input();
    List<Integer> order = call.integers("dims").stream().map(n -> Math.toIntExact(n) - 1).toList();
    List<Integer> all = IntStream.range(0, x.shape().rank()).boxed().toList();
    if (!order.stream().sorted().toList().equals(all)) {
      throw call.unfit("dims", "each axis of a sample once, counted from 1");
    }
    return Transpose.transpose(x, order);
  }

  private static Value repeat(LayerCall call) {
    Value x = call.input();
    return Broadcast.leading(x, x.shape().insert(0, call.integer("n")));
  }

  private static Value pad(Spatial layer) {
    long[][] sides = sides(layer, "padding");
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    for (long[] side : sides) {
      low.add(side[0]);
      high.add(side[1]);
    }
    return layer.sample(Window.pad(layer.image(), low, high));
  }

  private static Value crop(Spatial layer) {
    long[][] sides = sides(layer, "cropping");
    Value x = layer.image();
    for (int i = 0; i < sides.length; i++) {
      long end = x.shape().dim(2 + i) - sides[i][1];
      if (sides[i][0] >= end) {
        throw layer.call().unfit("cropping", "less than the image " + x.shape());
      }
      x = Slice.slice(x, 2 + i, sides[i][0], end);
    }
    return layer.sample(x);
  }

  /** How much before and behind each spatial axis: one number, one an axis, or a pair an axis. */
  private static long[][] sides(Spatial layer, String key) {
    LayerCall call = layer.call();
    JsonNode node = call.config().path(key);
    long[][] sides = new long[layer.rank()][];
    for (int i = 0; i < sides.length; i++) {
      JsonNode own = node.isArray() && (layer.rank() > 1) ? node.path(i) : node;
      JsonNode low = own.isArray() ? own.path(0) : own;
      JsonNode high = own.isArray() ? own.path(1) : own;
      if (!low.canConvertToInt()
          || !high.canConvertToInt()
          || low.asInt() < 0
          || high.asInt() < 0) {
        throw call.unfit(
            key, "numbers from 0 on, one or two for each of " + sides.length + " axes");
      }
      sides[i] = new long[] {low.asLong(), high.asLong()};
    }
    return sides;
  }

  /** Each element several times along each spatial axis. */
  private static Value enlarge(Spatial layer) {
    LayerCall call = layer.call();
    if (!call.text("interpolation", "nearest").equals("nearest")) {
      throw call.unfit("interpolation", "nearest");
    }
    List<Long> times = call.integers("size", layer.rank());
    Value x = layer.image();
    for (int i = 0; i < layer.rank(); i++) {
      int axis = 2 + i;
      long n = times.get(i);
      if (n < 1) {
        throw call.unfit("size", "numbers from 1 on");
      }
      Shape repeated = x.shape().insert(axis + 1, n);
      List<Integer> kept =
          IntStream.range(0, repeated.rank()).filter(a -> a != axis + 1).boxed().toList();
      x =
          reshape(
              Broadcast.broadcast(x, repeated, kept),
              x.shape().with(axis, x.shape().dim(axis) * n));
    }
    return layer.sample(x);
  }
}
