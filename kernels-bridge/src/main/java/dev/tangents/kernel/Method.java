package dev.tangents.kernel;

/** How the kernel of one parameter is formed. All are exact. */
public enum Method {
  /** The cheaper of the two by multiplications for each pair of samples. */
  AUTO,
  /**
   * Inputs first: Gram matrices of the factors, then their Hadamard product. T^2 (r + s)
   * multiplications a pair; wins for dense layers, always. Needs every use of the parameter to be a
   * matrix product.
   */
  FACTOR,
  /**
   * Gradient first: forms df/dtheta for each sample, then one product. r s multiplications a pair
   * and O r s numbers a sample; wins for small parameters and for many positions, and is the only
   * one for a parameter that is reparametrised.
   */
  GRADIENT
}
