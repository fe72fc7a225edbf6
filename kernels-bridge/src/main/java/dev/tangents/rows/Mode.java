package dev.tangents.rows;

/** In which direction derivatives travel through the network. */
public enum Mode {
  /** The cheaper of the two, by their operations. */
  AUTO,
  /** Tangents, from the features to the outputs. */
  FORWARD,
  /** Cotangents, from the outputs to the features. */
  REVERSE
}
