package dev.tangents.kernel;

/**
 * In which order the kernel of one parameter is formed. All are exact. For a weight of r x s that a
 * sample meets at T positions, with factors a_t [r] and delta_ot [s] (design of the methods: Novak,
 * Sohl-Dickstein, Schoenholz 2022, "structured derivatives"):
 */
public enum Method {
  /** Whichever is predicted to be faster for the tile: {@link MethodPlanner}. */
  AUTO,
  /**
   * Forms G_o = sum_t a_t (x) delta_ot for each sample, then one product: r s multiplications for
   * each pair of samples and outputs, and O r s numbers held for a sample. The best shape of a
   * matrix product; the only one for a parameter that is reparametrised.
   */
  GRADIENT_FIRST,
  /**
   * Gram matrices of the factors, then their Hadamard product summed over positions: T^2 (r + s)
   * multiplications a pair, T (r + O s) numbers a sample. Wins for dense layers, always. Needs
   * every use of the parameter to be a matrix product or an embedding.
   */
  INPUTS_FIRST,
  /**
   * The row sample's gradient meets the column sample's inputs, Y = G a'_t', then its cotangents: T
   * r s / O + T s multiplications for a pair of samples and outputs of the full kernel. Wins where
   * the outputs outnumber the positions. Needs factors of which one side alone depends on the
   * output.
   */
  HALF_WAY
}
