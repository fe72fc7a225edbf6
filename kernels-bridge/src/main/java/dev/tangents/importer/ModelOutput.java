package dev.tangents.importer;

import dev.tangents.error.TangentsException;

/** Which value of a network is its output f(x). */
public enum ModelOutput {
  /** What the network itself returns, for example probabilities after a softmax. */
  OUTPUT("output"),
  /** The value before the last activation; the same as {@link #OUTPUT} where there is none. */
  LOGITS("logits");

  private final String label;

  ModelOutput(String label) {
    this.label = label;
  }

  /** The name in options and messages. */
  public String label() {
    return label;
  }

  /**
   * The constant with the given label.
   *
   * @throws TangentsException of category USER if there is none
   */
  public static ModelOutput of(String label) {
    for (ModelOutput output : values()) {
      if (output.label.equals(label)) {
        return output;
      }
    }
    throw TangentsException.user("model output '%s': expected 'output' or 'logits'", label);
  }
}
