package dev.tangents.job.stage;

import dev.tangents.ir.Weights;
import dev.tangents.job.io.Sample;
import dev.tangents.job.rows.RowExecutor;
import dev.tangents.job.rows.RowGraph;
import dev.tangents.job.rows.RowValues;
import java.util.ArrayList;
import java.util.List;

/** A worker with one prepared derivative. */
final class RowWorker extends Worker {
  private final RowSpec spec;
  private final RowGraph rows;
  private final Weights weights;
  private RowExecutor executor;

  RowWorker(RowSpec spec, RowGraph rows, Weights weights) {
    super(spec, spec.engine(), spec.precision());
    this.spec = spec;
    this.rows = rows;
    this.weights = weights;
  }

  /** Records of at most a micro-batch of samples. */
  RowValues run(List<Sample> samples) {
    List<List<double[]>> inputs = new ArrayList<>();
    inputs.add(samples.stream().map(Sample::features).toList());
    if (spec.request().directed()) {
      inputs.add(samples.stream().map(Sample::direction).toList());
    }
    return onThread(() -> executor().run(inputs));
  }

  private RowExecutor executor() {
    if (executor == null) {
      executor = new RowExecutor(engine(), rows, weights, spec.size(), spec.precision());
    }
    return executor;
  }

  @Override
  void free() {
    if (executor != null) {
      executor.close();
    }
  }
}
