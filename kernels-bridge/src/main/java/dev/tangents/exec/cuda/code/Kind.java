package dev.tangents.exec.cuda.code;

/** Kinds of numbers in a kernel. */
public enum Kind {
  /** A position or a count, 32 bits. */
  INT,
  /** A real number of the width that the engine computes in. */
  REAL,
  /** A real number that is always a double: sums, determinants. */
  WIDE,
  /** A condition. */
  BOOL
}
