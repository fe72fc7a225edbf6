package dev.tangents.rows;

import dev.tangents.derivative.Loss;
import dev.tangents.derivative.Losses;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The losses that a gradient can be taken of. */
public enum LossKind {
  /** 1/O sum_o (f_o - y_o)^2. */
  MSE,
  /** Half of it. */
  HALF_MSE,
  /** Binary cross-entropy of logits, the mean over the outputs; y_o in [0, 1]. */
  BINARY_CROSS_ENTROPY,
  /** - sum_o y_o ln softmax(f)_o; y a distribution. */
  SOFTMAX_CROSS_ENTROPY,
  /** 1/O sum_o max(0, 1 - y_o f_o); y_o = -1 or 1. */
  HINGE,
  /** A square near the target, a line farther than delta from it. */
  HUBER,
  /** (det df/dx - 1)^2; it has no target. */
  JACOBIAN_DETERMINANT;

  private static final double SUM_TOLERANCE = 1e-3;

  /** Whether it compares the outputs with a target. */
  public boolean hasTarget() {
    return this != JACOBIAN_DETERMINANT;
  }

  /** Whether the sign or the largest of the outputs is a decision, right or wrong. */
  public boolean decides() {
    return this == BINARY_CROSS_ENTROPY || this == SOFTMAX_CROSS_ENTROPY || this == HINGE;
  }

  /** The loss as a graph. */
  Loss loss(double delta) {
    return switch (this) {
      case MSE -> Losses.meanSquare();
      case HALF_MSE -> Losses.halfMeanSquare();
      case BINARY_CROSS_ENTROPY -> Losses.binaryCrossEntropy();
      case SOFTMAX_CROSS_ENTROPY -> Losses.softmaxCrossEntropy();
      case HINGE -> Losses.hinge();
      case HUBER -> Losses.huber(delta);
      case JACOBIAN_DETERMINANT -> throw new IllegalStateException("It compares nothing");
    };
  }

  /** The target of a class: 1 there, and elsewhere 0, or -1 for the hinge loss. */
  public double[] oneHot(int target, int classes) {
    double other = this == HINGE ? -1 : 0;
    return IntStream.range(0, classes).mapToDouble(o -> o == target ? 1 : other).toArray();
  }

  /** What is wrong with a target [O]; empty if nothing is. */
  public String fault(double... target) {
    double sum = 0;
    for (int o = 0; o < target.length; o++) {
      double y = target[o];
      sum += y;
      if (this == HINGE && Math.abs(y) != 1) {
        return "label number " + o + " is " + y + "; the hinge loss expects -1 or 1";
      }
      boolean probability = this == BINARY_CROSS_ENTROPY || this == SOFTMAX_CROSS_ENTROPY;
      if (probability && (y < 0 || y > 1)) {
        return "label number " + o + " is " + y + "; a cross-entropy expects 0 to 1";
      }
    }
    return this == SOFTMAX_CROSS_ENTROPY && Math.abs(sum - 1) > SUM_TOLERANCE
        ? "the label's numbers sum to " + sum + "; a distribution sums to 1"
        : "";
  }

  /**
   * How many of a sample's decisions are right, of {@link #decisions}: the largest output is that
   * of the target (the first of equal ones), or each output has the target's sign.
   */
  public int right(double[] outputs, double... target) {
    if (this == SOFTMAX_CROSS_ENTROPY) {
      return largest(outputs).equals(largest(target)) ? 1 : 0;
    }
    double middle = this == HINGE ? 0 : 0.5;
    return (int)
        IntStream.range(0, target.length)
            .filter(o -> (outputs[o] > 0) == (target[o] > middle))
            .count();
  }

  /** Decisions that a sample of O outputs takes. */
  public int decisions(int outputs) {
    return this == SOFTMAX_CROSS_ENTROPY ? 1 : outputs;
  }

  private static OptionalInt largest(double... values) {
    return IntStream.range(0, values.length).reduce((a, b) -> values[b] > values[a] ? b : a);
  }
}
