package dev.tangents.udfs.function;

import java.util.List;

/** All functions. Explicit lists: add one line for a function. */
public final class Functions {
  private Functions() {}

  /** The functions that give a value for each row, in the order of the documentation. */
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

  /** The aggregates. */
  public static List<SumFunction> ofGroups() {
    return List.of(new MeanGradient(), new MeanKernel());
  }
}
