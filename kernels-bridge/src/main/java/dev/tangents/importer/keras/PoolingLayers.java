package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.nn.Pooling;
import dev.tangents.op.nn.Window;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import java.util.List;

/** Poolings over windows, and over all positions. */
final class PoolingLayers {
  private PoolingLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    for (int rank = 1; rank <= 3; rank++) {
      int r = rank;
      table.add("MaxPooling" + r + "D", call -> pool(new Spatial(call, r), Pooling::max));
      table.add("AveragePooling" + r + "D", call -> pool(new Spatial(call, r), Pooling::mean));
      table.add(
          "GlobalMaxPooling" + r + "D",
          call -> global(new Spatial(call, r), x -> ReduceMax.reduceMax(x, 1)));
      table.add(
          "GlobalAveragePooling" + r + "D",
          call -> global(new Spatial(call, r), x -> Sum.mean(x, 1)));
    }
  }

  private interface Fold {
    Value apply(Value x, Window window, List<Long> low, List<Long> high);
  }

  private interface OverPositions {
    Value apply(Value x);
  }

  private static Value pool(Spatial layer, Fold fold) {
    Window window =
        layer.window(layer.call().integers("pool_size", layer.rank()), "strides", "dilation_rate");
    Spatial.Padding padding = layer.padding(window);
    return layer.sample(fold.apply(layer.image(), window, padding.low(), padding.high()));
  }

  private static Value global(Spatial layer, OverPositions fold) {
    Shape shape = layer.image().shape();
    long channels = shape.dim(1);
    Value y = fold.apply(reshape(layer.image(), channels, shape.size() / channels));
    if (!layer.call().flag("keepdims", false)) {
      return y;
    }
    Shape kept = Shape.of(1, channels);
    for (int i = 0; i < layer.rank(); i++) {
      kept = kept.insert(2 + i, 1);
    }
    return layer.sample(reshape(y, kept));
  }
}
