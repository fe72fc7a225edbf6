package dev.tangents.udfs.sample;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.sample.FeatureReader.BadRow;
import java.io.Serializable;

/** Reads a vector beside the features. */
public final class VectorReader implements Serializable {
  private static final long serialVersionUID = 1L;

  private final FeatureReader numbers;
  private final VectorForm.Rule rule;

  /**
   * A reader of vectors of a form.
   *
   * @param binary what bytes hold
   * @param precision width of the numbers that are computed with, which must hold these
   */
  public VectorReader(VectorForm form, BinaryType binary, Precision precision) {
    this.numbers = FeatureReader.unscaled(form.noun(), form.length(), binary, precision);
    this.rule = form.rule();
  }

  /**
   * The numbers of a value as they are used, see {@link FeatureReader#read}.
   *
   * @throws BadRow if they do not fit the form
   */
  public double[] read(Object value) throws BadRow {
    double[] read = numbers.read(value);
    try {
      return rule.apply(read);
    } catch (IllegalArgumentException e) {
      throw new BadRow("%s", e.getMessage());
    }
  }
}
