package dev.tangents.udfs.executor;

/** Which library computes. */
public enum EngineName {
  /** ND4J on the CPU. */
  ND4J,
  /** Plain Java loops in double: slow, and written to be obviously right. */
  REFERENCE
}
