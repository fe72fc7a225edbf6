package dev.tangents.importer.dl4j;

import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.nn.Convolution;
import dev.tangents.op.nn.Pooling;
import dev.tangents.op.nn.Window;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Layers over images [C, H, W]. They take images of any extents. */
sealed interface ImageLayer extends Dl4jLayer {
  @Override
  default int inputs() {
    return 0;
  }

  @Override
  default int outputs() {
    return 0;
  }

  /**
   * How a kernel moves, and what stands around the image.
   *
   * @param same whether there is a position for each stride, whatever the padding says
   * @param padding elements on either side of each axis
   */
  record Sliding(Window window, boolean same, List<Long> padding) {
    private List<Long> low(Shape image) {
      List<Long> low = new ArrayList<>();
      for (int i = 0; i < window.rank(); i++) {
        low.add(same ? total(image, i) / 2 : padding.get(i));
      }
      return low;
    }

    private List<Long> high(Shape image) {
      List<Long> high = new ArrayList<>();
      for (int i = 0; i < window.rank(); i++) {
        high.add(same ? total(image, i) - total(image, i) / 2 : padding.get(i));
      }
      return high;
    }

    private long total(Shape image, int axis) {
      long extent = image.dim(1 + axis);
      long stride = window.stride().get(axis);
      long positions = (extent + stride - 1) / stride;
      return Math.max(0, (positions - 1) * stride + window.span(axis) - extent);
    }
  }

  /**
   * A convolution. Its bias [out] is stored before its weight [out, in, height, width], which lies
   * row by row.
   */
  record Conv(int in, int out, boolean bias, Sliding sliding, UnaryOperator<Value> activation)
      implements ImageLayer {
    @Override
    public long coefficients() {
      long kernel = Math.multiplyExact((long) in * out, sliding.window().size());
      return kernel + (bias ? out : 0);
    }

    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      Value shift = bias ? coefficients.vector(x.builder(), prefix + "b", out) : null;
      List<Long> kernel = sliding.window().kernel();
      Shape shape = Shape.of(out, in, kernel.get(0), kernel.get(1));
      Value weight = coefficients.tensor(x.builder(), prefix + "W", shape);
      Value image = reshape(x, x.shape().insert(0, 1));
      Value padded = Window.pad(image, sliding.low(x.shape()), sliding.high(x.shape()));
      Value y = Convolution.convolve(padded, weight, sliding.window(), 1);
      Value sample = reshape(y, y.shape().remove(0));
      return bias
          ? Add.add(sample, Broadcast.broadcast(shift, sample.shape(), List.of(0)))
          : sample;
    }
  }

  /** A pooling: it has no coefficients, and Deeplearning4j applies no activation to it. */
  sealed interface Pooled extends ImageLayer {
    @Override
    default long coefficients() {
      return 0;
    }

    @Override
    default UnaryOperator<Value> activation() {
      return UnaryOperator.identity();
    }
  }

  /** What a pooling makes of the elements under its window. */
  enum Fold {
    /** The largest. */
    MAX,
    /** The mean of those that are on the image. */
    AVG,
    /** The sum. */
    SUM
  }

  /**
   * A pooling over windows.
   *
   * @param fold MAX or AVG: Deeplearning4j runs no other
   * @param paddingCounts whether the mean is over the padding too
   */
  record Pool(Fold fold, Sliding sliding, boolean paddingCounts) implements Pooled {
    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      Value image = reshape(x, x.shape().insert(0, 1));
      Window window = sliding.window();
      List<Long> low = sliding.low(x.shape());
      List<Long> high = sliding.high(x.shape());
      Value y;
      if (fold == Fold.MAX) {
        y = Pooling.max(image, window, low, high);
      } else if (paddingCounts) {
        y = Mul.scale(Pooling.sum(image, window, low, high), 1.0 / window.size());
      } else {
        y = Pooling.mean(image, window, low, high);
      }
      return reshape(y, y.shape().remove(0));
    }
  }

  /** A pooling over all positions; leaves a vector [C]. */
  record GlobalPool(Fold fold) implements Pooled {
    @Override
    public Value preActivation(String prefix, Value x, Coefficients coefficients) {
      long channels = x.shape().dim(0);
      Value rows = reshape(x, channels, x.shape().size() / channels);
      return switch (fold) {
        case MAX -> ReduceMax.reduceMax(rows, 1);
        case SUM -> Sum.sum(rows, 1);
        case AVG -> Sum.mean(rows, 1);
      };
    }
  }
}
