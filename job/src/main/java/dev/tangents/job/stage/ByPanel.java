package dev.tangents.job.stage;

import dev.tangents.job.plan.Panels;
import org.apache.spark.Partitioner;

/** Sends every sample, by its index, to its panel's task. */
final class ByPanel extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final Panels panels;
  private final int first;

  /** The task of panel {@code first} is partition 0; there are no samples before it. */
  ByPanel(Panels panels, int first) {
    this.panels = panels;
    this.first = first;
  }

  @Override
  public int numPartitions() {
    return panels.count() - first;
  }

  @Override
  public int getPartition(Object index) {
    return panels.panelOf((Long) index) - first;
  }
}
