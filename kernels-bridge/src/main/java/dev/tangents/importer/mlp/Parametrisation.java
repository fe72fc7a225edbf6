package dev.tangents.importer.mlp;

import dev.tangents.error.TangentsException;

/**
 * How a layer of n inputs uses its weights W [n, out] and biases b [out], and how they are drawn.
 */
enum Parametrisation {
  /** y = x W + b; W ~ N(0, 1/n) (LeCun et al. 1998), b ~ N(0, 0.05^2). */
  STANDARD("standard"),
  /**
   * y = (sigma_w / sqrt n) x W + sigma_b b with everything ~ N(0, 1) (Jacot et al. 2018, Lee et al.
   * 2019, eq. 1); in every layer sigma_w = sqrt 2 for relu, else 1, and sigma_b = 0.1.
   */
  NTK("ntk"),
  /**
   * First layer y = x W + b, later layers y = (1/n) x W + b, everything ~ N(0, 1): with one hidden
   * layer of m units f(x) = (1/m) sum_j a_j act(w_j . x) (Mei et al. 2018, eq. 1).
   */
  MEAN_FIELD("mean-field");

  private static final double BIAS_DEVIATION = 0.05;
  private static final double SIGMA_B = 0.1;

  private final String label;

  Parametrisation(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  static Parametrisation of(String label) {
    for (Parametrisation parametrisation : values()) {
      if (parametrisation.label.equals(label)) {
        return parametrisation;
      }
    }
    throw TangentsException.user("param=%s: expected standard, ntk or mean-field", label);
  }

  /** Deviation of the weights of a layer with {@code inputs} inputs. */
  double weightDeviation(int inputs) {
    return this == STANDARD ? 1 / Math.sqrt(inputs) : 1;
  }

  double biasDeviation() {
    return this == STANDARD ? BIAS_DEVIATION : 1;
  }

  /** The fixed factor between W and its use. */
  double weightFactor(int layer, int inputs, String activation) {
    return switch (this) {
      case STANDARD -> 1;
      case NTK -> (activation.equals("relu") ? Math.sqrt(2) : 1) / Math.sqrt(inputs);
      case MEAN_FIELD -> layer == 0 ? 1 : 1.0 / inputs;
    };
  }

  /** The fixed factor between b and its use. */
  double biasFactor() {
    return this == NTK ? SIGMA_B : 1;
  }
}
