package dev.tangents.job.stage.rows;

import dev.tangents.exec.HostTensor;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowValues;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is counted of samples' losses: their sum, and how many of their decisions are right. No
 * record, since it travels in a task's result, and Kryo 4 makes no records.
 */
final class RowTally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The tally of no samples. */
  static final RowTally NONE = new RowTally(0, 0, 0, 0);

  private final long samples;
  private final double loss;
  private final long right;
  private final long decisions;

  /**
   * A tally.
   *
   * @param samples samples counted
   * @param loss sum of their losses, weighted where they have weights
   * @param right decisions that are right
   * @param decisions decisions taken; none for a loss that takes none
   */
  private RowTally(long samples, double loss, long right, long decisions) {
    this.samples = samples;
    this.loss = loss;
    this.right = right;
    this.decisions = decisions;
  }

  /** This tally and the samples of a micro-batch that has losses. */
  RowTally with(RowValues values, LossKind kind, List<double[]> targets) {
    HostTensor losses = values.column(Part.LOSS).orElseThrow();
    double sum = loss;
    for (int n = 0; n < values.samples(); n++) {
      sum += losses.at(n);
    }
    HostTensor outputs = values.column(Part.HIDDEN).orElse(null);
    if (outputs == null) {
      return new RowTally(samples + values.samples(), sum, right, decisions);
    }
    double[] all = outputs.doubles();
    int width = Math.toIntExact(outputs.shape().dim(1));
    long correct = right;
    for (int n = 0; n < values.samples(); n++) {
      double[] row = Arrays.copyOfRange(all, n * width, (n + 1) * width);
      correct += kind.right(row, targets.get(n));
    }
    long taken = decisions + (long) values.samples() * kind.decisions(width);
    return new RowTally(samples + values.samples(), sum, correct, taken);
  }

  /** The tally of the samples of both. */
  RowTally plus(RowTally other) {
    return new RowTally(
        samples + other.samples,
        loss + other.loss,
        right + other.right,
        decisions + other.decisions);
  }

  /** Mean loss and accuracy, for the manifest; nothing of no samples. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (samples > 0) {
      facts.put("mean-loss", loss / samples);
    }
    if (decisions > 0) {
      facts.put("accuracy", (double) right / decisions);
    }
    return facts;
  }
}
