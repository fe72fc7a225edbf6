package dev.tangents.rows;

/** In which order a second derivative is taken; the numbers are the same up to rounding. */
public enum Order {
  /** Tangents pushed through the gradient: D tangents for each of O outputs. */
  FORWARD_OVER_REVERSE,
  /** Cotangents pulled through the gradient. */
  REVERSE_OVER_REVERSE,
  /** Tangents pushed through tangents: D^2 lanes, each of all O outputs. */
  FORWARD_OVER_FORWARD
}
