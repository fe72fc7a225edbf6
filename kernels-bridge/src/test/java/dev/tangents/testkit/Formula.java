package dev.tangents.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;

/** What a primitive must compute, stated a second time and by other means than the kernel. */
@FunctionalInterface
public interface Formula {
  /** The result, row-major, from row-major operands. */
  double[] apply(List<double[]> operands);

  /** A function of one number, element by element. */
  static Formula each(DoubleUnaryOperator f) {
    return operands -> {
      double[] y = operands.get(0).clone();
      for (int i = 0; i < y.length; i++) {
        y[i] = f.applyAsDouble(y[i]);
      }
      return y;
    };
  }

  /** A function of two numbers, element by element. */
  static Formula pairs(DoubleBinaryOperator f) {
    return operands -> {
      double[] y = operands.get(0).clone();
      for (int i = 0; i < y.length; i++) {
        y[i] = f.applyAsDouble(y[i], operands.get(1)[i]);
      }
      return y;
    };
  }

  /**
   * Element i of {@code size} is element {@code source(i)} of the operands laid one after another.
   */
  static Formula moves(int size, IntUnaryOperator source) {
    return operands -> {
      double[] all = operands.stream().flatMapToDouble(Arrays::stream).toArray();
      double[] y = new double[size];
      for (int i = 0; i < size; i++) {
        y[i] = all[source.applyAsInt(i)];
      }
      return y;
    };
  }

  /** Element i of {@code size} folds the elements {@code first(i) + step j}, j below count. */
  static Formula folds(int size, IntUnaryOperator first, int step, int count, Formula.Fold fold) {
    return operands -> {
      double[] y = new double[size];
      for (int i = 0; i < size; i++) {
        double[] line = new double[count];
        for (int j = 0; j < count; j++) {
          line[j] = operands.get(0)[first.applyAsInt(i) + step * j];
        }
        y[i] = fold.apply(line);
      }
      return y;
    };
  }

  /** One number from a line of numbers. */
  @FunctionalInterface
  interface Fold {
    /** The number. */
    double apply(double[] line);
  }
}
