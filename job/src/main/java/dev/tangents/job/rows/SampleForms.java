package dev.tangents.job.rows;

import dev.tangents.job.io.VectorForm;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.SampleInput;

/** What the columns beside the features must hold for a network of D features and O outputs. */
public final class SampleForms {
  private SampleForms() {}

  /** The flag that names the column. */
  public static String flag(SampleInput content) {
    return switch (content) {
      case FEATURES -> "features";
      case TARGET -> "label";
      case WEIGHT -> "weight";
      case TANGENT -> "tangent";
      case COTANGENT -> "cotangent";
    };
  }

  /**
   * The form of a column other than the target's.
   *
   * @param features D
   * @param outputs O
   */
  public static VectorForm of(SampleInput content, int features, int outputs) {
    return switch (content) {
      case FEATURES, TANGENT -> VectorForm.plain(flag(content) + " number", features);
      case TARGET, COTANGENT -> VectorForm.plain(flag(content) + " number", outputs);
      case WEIGHT -> new VectorForm("weight number", 1, SampleForms::weight);
    };
  }

  /**
   * The form of the target's column: O numbers, or one number that is the class where the network
   * has several outputs.
   *
   * @param number whether the column holds one number
   */
  public static VectorForm target(LossKind loss, boolean number, int outputs) {
    if (number && outputs > 1) {
      return new VectorForm("label number", 1, label -> classTarget(loss, label[0], outputs));
    }
    return new VectorForm(
        "label number",
        outputs,
        label -> {
          String fault = loss.fault(label);
          if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
          }
          return label;
        });
  }

  private static double[] classTarget(LossKind loss, double label, int outputs) {
    if (label != Math.rint(label) || label < 0 || label >= outputs) {
      throw new IllegalArgumentException(
          "the label is %s; expected a class from 0 to %d".formatted(label, outputs - 1));
    }
    return loss.oneHot((int) label, outputs);
  }

  private static double[] weight(double... weight) {
    if (weight[0] < 0) {
      throw new IllegalArgumentException(
          "the weight is %s; expected 0 or more".formatted(weight[0]));
    }
    return weight;
  }
}
