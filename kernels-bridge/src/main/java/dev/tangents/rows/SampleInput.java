package dev.tangents.rows;

/** What a sample brings along, each as one array of numbers. */
public enum SampleInput {
  /** x, [D]: the features that are real, or all where none is. */
  FEATURES,
  /** The features that are integers, where others are real. */
  INTEGERS,
  /** The features of the second sample of a pair. */
  OTHER_FEATURES,
  /** The integers of the second sample of a pair. */
  OTHER_INTEGERS,
  /** What the network should say, [O]. */
  TARGET,
  /** The factor on the sample's loss, [1]; a sample that only pads a batch has 0. */
  WEIGHT,
  /** The direction of a JVP or HVP by x, [D]. */
  TANGENT,
  /** The weights of the outputs in a VJP or HVP, [O]. */
  COTANGENT
}
