package dev.tangents.udfs.sample;

import dev.tangents.rows.LossKind;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.model.Selections;
import java.util.List;
import java.util.Locale;

/** What the columns beside the features must hold for a network of D features and O outputs. */
public final class SampleForms {
  private SampleForms() {}

  /** The flag that names the column. */
  public static String flag(SampleInput content) {
    return switch (content) {
      case FEATURES, INTEGERS, OTHER_FEATURES, OTHER_INTEGERS -> "features";
      case TARGET -> "label";
      case WEIGHT -> "weight";
      case TANGENT -> "tangent";
      case COTANGENT -> "cotangent";
    };
  }

  /**
   * The form of a column other than the target's.
   *
   * @param features D, those that derivatives are taken by
   * @param outputs O
   */
  public static VectorForm of(SampleInput content, int features, int outputs) {
    return switch (content) {
      case FEATURES, INTEGERS, OTHER_FEATURES, OTHER_INTEGERS, TANGENT ->
          VectorForm.plain(flag(content) + " number", features);
      case TARGET, COTANGENT -> VectorForm.plain(flag(content) + " number", outputs);
      case WEIGHT -> new VectorForm("weight number", 1, SampleForms::weight);
    };
  }

  /**
   * The form of the target's column: O numbers, or one number that is the class where the network
   * has several outputs.
   *
   * @param number whether the column holds one number
   * @param classes the model's outputs that take part, in order: a class is one of these
   */
  public static VectorForm target(LossKind loss, boolean number, List<Integer> classes) {
    int outputs = classes.size();
    if (number && outputs > 1) {
      return new VectorForm("label number", 1, label -> classTarget(loss, label[0], classes));
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

  private static double[] classTarget(LossKind loss, double label, List<Integer> classes) {
    int place = label == Math.rint(label) ? classes.indexOf((int) label) : -1;
    if (place < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the label is %s; expected a class, one of the outputs %s",
              label,
              Selections.text(classes)));
    }
    return loss.oneHot(place, classes.size());
  }

  private static double[] weight(double... weight) {
    if (weight[0] < 0) {
      throw new IllegalArgumentException(
          "the weight is %s; expected 0 or more".formatted(weight[0]));
    }
    return weight;
  }
}
