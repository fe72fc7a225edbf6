package dev.tangents.job.stage.sample;

import java.io.Serializable;

/** What the task that wrote a panel tells the driver. */
final class PanelInfo implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int panel;
  private final int rows;
  private final String hash;
  private final LabelCodes labels;

  PanelInfo(int panel, int rows, String hash, LabelCodes labels) {
    this.panel = panel;
    this.rows = rows;
    this.hash = hash;
    this.labels = labels;
  }

  /** Which panel. */
  int panel() {
    return panel;
  }

  /** Samples in it. */
  int rows() {
    return rows;
  }

  /** SHA-256 of ids and features, in hex. */
  String hash() {
    return hash;
  }

  /** Labels of its samples. */
  LabelCodes labels() {
    return labels;
  }
}
