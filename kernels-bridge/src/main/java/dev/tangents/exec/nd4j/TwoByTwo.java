package dev.tangents.exec.nd4j;

import java.util.Arrays;

/**
 * Matrices [a, b; c, d] in closed form: det = a d - b c, with the rounding error of b c added back
 * (Kahan; Jeannerod, Louvet and Muller 2013: within 1.5 units in the last place), cofactors [d, -c;
 * -b, a], inverse their transpose over det. Where det has left the range of doubles, the sign and
 * the logarithm come from factors, which stay within it.
 */
final class TwoByTwo implements SquareFactors {
  private final double[] matrix = new double[4];
  private final PivotedLu extreme = new PivotedLu(2);
  private double determinant;
  private boolean inRange;

  @Override
  public double[] matrix() {
    return matrix;
  }

  @Override
  public void factor() {
    double product = matrix[1] * matrix[2];
    double error = Math.fma(-matrix[1], matrix[2], product);
    determinant = Math.fma(matrix[0], matrix[3], -product) + error;
    double size = Math.abs(determinant);
    inRange = size >= Double.MIN_NORMAL && size <= Double.MAX_VALUE;
    if (!inRange) {
      System.arraycopy(matrix, 0, extreme.matrix(), 0, 4);
      extreme.factor();
      determinant = extreme.determinant();
    }
  }

  @Override
  public double determinant() {
    return determinant;
  }

  @Override
  public double sign() {
    return inRange ? Math.signum(determinant) : extreme.sign();
  }

  @Override
  public double logarithm() {
    return inRange ? Math.log(Math.abs(determinant)) : extreme.logarithm();
  }

  @Override
  public void inverse(double[] x) {
    if (!inRange) {
      extreme.inverse(x);
      return;
    }
    x[0] = matrix[3] / determinant;
    x[1] = -matrix[1] / determinant;
    x[2] = -matrix[2] / determinant;
    x[3] = matrix[0] / determinant;
  }

  @Override
  public void cofactors(double[] c) {
    if (Double.isNaN(determinant)) {
      Arrays.fill(c, Double.NaN); // a NaN reaches every result, as at other sizes
      return;
    }
    c[0] = matrix[3];
    c[1] = -matrix[2];
    c[2] = -matrix[1];
    c[3] = matrix[0];
  }
}
