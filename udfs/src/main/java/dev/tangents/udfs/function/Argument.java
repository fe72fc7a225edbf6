package dev.tangents.udfs.function;

import dev.tangents.rows.SampleInput;
import java.util.Optional;

/** What an argument of a function is. */
public enum Argument {
  /** The model: a path, or a network in one string. A constant. */
  MODEL("model", null),
  /** The features of a sample. */
  FEATURES("x", SampleInput.FEATURES),
  /** The features of the second sample of a pair. */
  OTHER("y", SampleInput.OTHER_FEATURES),
  /** The direction of a JVP. */
  TANGENT("v", SampleInput.TANGENT),
  /** The weights of the outputs in a VJP. */
  COTANGENT("w", SampleInput.COTANGENT),
  /** What the network should say. */
  LABEL("label", SampleInput.TARGET),
  /** The name of a loss. A constant. */
  LOSS("loss", null),
  /** Numbers of a projection. A constant. */
  SIZE("k", null),
  /** Seed of a projection. A constant. */
  SEED("seed", null),
  /** How the model is read, and what is computed of it. A constant, and always the last. */
  OPTIONS("options", null);

  private final String label;
  private final SampleInput content;

  Argument(String label, SampleInput content) {
    this.label = label;
    this.content = content;
  }

  /** Its name in usage texts and messages. */
  public String label() {
    return label;
  }

  /** What of a sample it is; empty for a constant. */
  public Optional<SampleInput> content() {
    return Optional.ofNullable(content);
  }
}
