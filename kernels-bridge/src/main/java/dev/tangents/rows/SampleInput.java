package dev.tangents.rows;

/** What a sample brings along, each as one array of numbers. */
public enum SampleInput {
  /** x, [D]. */
  FEATURES,
  /** What the network should say, [O]. */
  TARGET,
  /** The factor on the sample's loss, [1]; a sample that only pads a batch has 0. */
  WEIGHT,
  /** The direction of a JVP or HVP, [D]. */
  TANGENT,
  /** The weights of the outputs in a VJP or HVP, [O]. */
  COTANGENT
}
