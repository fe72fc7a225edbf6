package dev.tangents.op.nn;

import static dev.tangents.op.elementwise.Exp.exp;
import static dev.tangents.op.elementwise.Sub.sub;

import dev.tangents.ir.Value;
import dev.tangents.op.reduce.LogSumExp;

/** Softmax and its logarithm, from {@link LogSumExp}: neither overflows, whatever x. */
public final class Softmax {
  private Softmax() {}

  /** e^(x_i) / sum_j e^(x_j) along an axis; a negative axis counts from the end. */
  public static Value softmax(Value x, int axis) {
    return exp(logSoftmax(x, axis));
  }

  /** x_i - ln sum_j e^(x_j) along an axis; a negative axis counts from the end. */
  public static Value logSoftmax(Value x, int axis) {
    LogSumExp fold = new LogSumExp(x.shape().normalise(axis));
    return sub(x, fold.spread(x.builder().apply(fold, x), x.shape()));
  }
}
