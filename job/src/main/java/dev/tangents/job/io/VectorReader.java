package dev.tangents.job.io;

import dev.tangents.job.config.Choices.BinaryType;
import dev.tangents.job.io.FeatureReader.BadRow;
import java.io.Serializable;

/** Reads a vector beside the features. */
final class VectorReader implements Serializable {
  private static final long serialVersionUID = 1L;

  private final FeatureReader numbers;
  private final VectorForm.Rule rule;

  VectorReader(VectorForm form, BinaryType binary) {
    this.numbers = FeatureReader.unscaled(form.noun(), form.length(), binary);
    this.rule = form.rule();
  }

  double[] read(Object value) throws BadRow {
    double[] read = numbers.read(value);
    try {
      return rule.apply(read);
    } catch (IllegalArgumentException e) {
      throw new BadRow("%s", e.getMessage());
    }
  }
}
