package dev.tangents.ir;

/**
 * The kind of number a value holds. Width is not part of it: an engine chooses float or double when
 * it prepares a graph, so one graph serves both.
 */
public enum DType {
  /** A real number; the only kind that has derivatives. */
  REAL,
  /** An integer: token ids, indices. Its tangent is always zero. */
  INT,
  /** A truth value, as comparisons return it. Its tangent is always zero. */
  BOOL
}
