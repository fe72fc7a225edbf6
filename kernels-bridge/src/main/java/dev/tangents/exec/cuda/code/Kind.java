package dev.tangents.exec.cuda.code;

/** Kinds of numbers in a kernel. */
public enum Kind {
  /** A position or a count, 32 bits. */
  INT,
  /** Of the width that the engine computes in. */
  REAL,
  /** Always double: sums, determinants. */
  WIDE,
  /** A condition. */
  BOOL
}
