package dev.tangents.op.nn;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Normalisation of one sample by its own statistics (layer, group and instance normalisation: Ba,
 * Kiros, Hinton 2016; Wu and He 2018; Ulyanov et al. 2016), and by its root mean square (Zhang and
 * Sennrich 2019). Scale and shift are the caller's.
 */
public final class Normalisation {
  private Normalisation() {}

  /**
   * (x - mean) / sqrt(variance + epsilon) over the last axes, from {@code axis} on. The variance
   * divides by the number of elements.
   */
  public static Value standardise(Value x, int axis, double epsilon) {
    return rms(centred(x, axis), axis, epsilon);
  }

  /** x - mean over the last axes, from {@code axis} on. */
  public static Value centred(Value x, int axis) {
    return sub(x, spread(Sum.mean(x, from(x, axis)), x.shape()));
  }

  /** x / sqrt(mean(x^2) + epsilon) over the last axes, from {@code axis} on. */
  public static Value rms(Value x, int axis, double epsilon) {
    return mul(x, spread(inverseRms(x, axis, epsilon), x.shape()));
  }

  /** 1 / sqrt(mean(x^2) + epsilon) over the last axes, from {@code axis} on, which disappear. */
  public static Value inverseRms(Value x, int axis, double epsilon) {
    Value square = Sum.mean(mul(x, x), from(x, axis));
    return Power.power(shift(square, epsilon), -0.5);
  }

  /** x scale + shift, both of shape [C], along axis {@code axis} of x. */
  public static Value affine(Value x, Value scale, Value shift, int axis) {
    List<Integer> at = List.of(axis);
    Value scaled = Mul.mul(x, Broadcast.broadcast(scale, x.shape(), at));
    return Add.add(scaled, Broadcast.broadcast(shift, x.shape(), at));
  }

  private static int[] from(Value x, int axis) {
    return IntStream.range(axis, x.shape().rank()).toArray();
  }

  private static Value spread(Value statistic, Shape full) {
    List<Integer> kept = IntStream.range(0, statistic.shape().rank()).boxed().toList();
    return Broadcast.broadcast(statistic, full, kept);
  }
}
