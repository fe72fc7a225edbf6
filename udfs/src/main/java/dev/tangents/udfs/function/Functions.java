package dev.tangents.udfs.function;

import java.util.List;

/** All functions that give a value for each row. An explicit list: add one line for a function. */
public final class Functions {
  private Functions() {}

  /** The functions, in the order of the documentation. */
  public static List<RowFunction> ofRows() {
    return List.of(
        new Predict(),
        new Jacobian(),
        new Determinant(),
        new Hessian(),
        new Laplacian(),
        new JacobianVector(),
        new VectorJacobian(),
        new SampleLoss(),
        new LossGradient(),
        new ParameterGradientNorm(),
        new TangentKernel(),
        new GradientFeatures());
  }
}
