package dev.tangents.job.stage.sample;

import dev.tangents.job.io.parquet.Scalar;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The labels of some samples: the distinct ones, and for each sample the position of its own. */
final class LabelCodes implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Scalar[] distinct;
  private final int[] codes;

  private LabelCodes(Scalar[] distinct, int[] codes) {
    this.distinct = distinct;
    this.codes = codes;
  }

  /** Collects labels one by one. */
  static final class Builder {
    private final Map<Scalar, Integer> known = new LinkedHashMap<>();
    private int[] codes = new int[64];
    private int size;

    /** Appends the label of the next sample. */
    void add(Scalar label) {
      if (size == codes.length) {
        codes = Arrays.copyOf(codes, size * 2);
      }
      codes[size] = known.computeIfAbsent(label, any -> known.size());
      size++;
    }

    /** What was collected. */
    LabelCodes build() {
      return new LabelCodes(known.keySet().toArray(new Scalar[0]), Arrays.copyOf(codes, size));
    }
  }

  /** The labels of all samples, panel by panel, in one array. */
  static List<Scalar> all(List<PanelInfo> panels) {
    List<Scalar> labels = new ArrayList<>();
    for (PanelInfo panel : panels) {
      for (int code : panel.labels().codes) {
        labels.add(panel.labels().distinct[code]);
      }
    }
    return labels;
  }
}
