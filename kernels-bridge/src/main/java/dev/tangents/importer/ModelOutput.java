package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import java.io.Serializable;
import java.util.Objects;

/**
 * Which value of a network is its output f(x): {@link #OUTPUT}, {@link #LOGITS}, or the one that
 * the model file calls by a name.
 *
 * @param label the word for it in options, messages and manifests: the name, if it is a name
 * @param byName whether the label is a name in the model file
 */
public record ModelOutput(String label, boolean byName) implements Serializable {
  /** What the network itself returns, for example probabilities after a softmax. */
  public static final ModelOutput OUTPUT = new ModelOutput("output", false);

  /** The value before the last activation; the same as {@link #OUTPUT} where there is none. */
  public static final ModelOutput LOGITS = new ModelOutput("logits", false);

  /** Requires a label. */
  public ModelOutput {
    Objects.requireNonNull(label, "label");
  }

  /** The value of that name, which may be that of a constant too. */
  public static ModelOutput named(String name) {
    return new ModelOutput(name, true);
  }

  /**
   * The constant with the given label, else the value of that name.
   *
   * @throws TangentsException of category USER if it is blank
   */
  public static ModelOutput of(String label) {
    if (label.isBlank()) {
      throw TangentsException.user(
          "model-output: expected output, logits or the name of a value, got '%s'", label);
    }
    if (label.equals(OUTPUT.label)) {
      return OUTPUT;
    }
    return label.equals(LOGITS.label) ? LOGITS : named(label);
  }
}
