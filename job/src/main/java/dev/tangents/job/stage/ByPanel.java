package dev.tangents.job.stage;

import dev.tangents.job.plan.Panels;
import org.apache.spark.Partitioner;

/** Sends every sample, by its index, to its panel's task. */
final class ByPanel extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final int size;
  private final int count;

  ByPanel(Panels panels) {
    this.size = panels.size();
    this.count = panels.count();
  }

  @Override
  public int numPartitions() {
    return count;
  }

  @Override
  public int getPartition(Object index) {
    return (int) ((Long) index / size);
  }
}
