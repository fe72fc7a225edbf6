package dev.tangents.udfs.function;

import dev.tangents.rows.LossKind;
import dev.tangents.rows.SampleInput;
import java.util.Optional;

/** What an argument of a function is. */
public enum Argument {
  /** The model: a path, or a network in one string. A constant. */
  MODEL("model", null, "the path of a network, or a network in one string; a constant"),
  /** The features of a sample. */
  FEATURES("x", SampleInput.FEATURES, "D features: an array of numbers, an ML vector or binary"),
  /** The features of the second sample of a pair. */
  OTHER("y", SampleInput.OTHER_FEATURES, "the features of another sample, as x"),
  /** The direction of a JVP. */
  TANGENT("v", SampleInput.TANGENT, "D numbers, of the row or the same for all"),
  /** The weights of the outputs in a VJP. */
  COTANGENT("w", SampleInput.COTANGENT, "O numbers, of the row or the same for all"),
  /** What the network should say. */
  LABEL(
      "label",
      SampleInput.TARGET,
      "what f(x) should be: O numbers, one number where O = 1, or the number of a class"),
  /** The name of a loss. A constant. */
  LOSS(
      "loss",
      null,
      "one of " + Options.names(LossKind.class) + "; cross-entropies are of logits; a constant"),
  /** Numbers of a projection. A constant. */
  SIZE("k", null, "how many numbers a gradient is projected to; a constant"),
  /** Seed of a projection. A constant. */
  SEED("seed", null, "of the projection, which is the same for it everywhere; a constant"),
  /** How the model is read, and what is computed of it. A constant, and always the last. */
  OPTIONS(
      "options",
      null,
      "'key=value, key=value' or a map of strings, a constant; may be left out. Keys are");

  private final String label;
  private final SampleInput content;
  private final String meaning;

  Argument(String label, SampleInput content, String meaning) {
    this.label = label;
    this.content = content;
    this.meaning = meaning;
  }

  /** The argument's name in usage texts and messages. */
  public String label() {
    return label;
  }

  /** What of a sample it is; empty for a constant. */
  public Optional<SampleInput> content() {
    return Optional.ofNullable(content);
  }

  /** What it is, for users. */
  String meaning() {
    return meaning;
  }
}
