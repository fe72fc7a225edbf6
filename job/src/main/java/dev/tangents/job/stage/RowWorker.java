package dev.tangents.job.stage;

import dev.tangents.ir.Weights;
import dev.tangents.job.io.Sample;
import dev.tangents.rows.RowBatch;
import dev.tangents.rows.RowExecutor;
import dev.tangents.rows.RowPass;
import dev.tangents.rows.SampleInput;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A worker with one prepared pass. */
final class RowWorker extends Worker {
  private final RowSpec spec;
  private final RowPass pass;
  private final Weights weights;
  private RowExecutor executor;

  RowWorker(RowSpec spec, RowPass pass, Weights weights) {
    super(spec, spec.engine(), spec.precision());
    this.spec = spec;
    this.pass = pass;
    this.weights = weights;
  }

  /** What is computed. */
  RowPass pass() {
    return pass;
  }

  /** Records and sums of at most a micro-batch of samples. */
  RowBatch run(List<Sample> samples) {
    Map<SampleInput, List<double[]>> inputs = new EnumMap<>(SampleInput.class);
    inputs.put(SampleInput.FEATURES, samples.stream().map(Sample::features).toList());
    for (int i = 0; i < spec.columns().size(); i++) {
      int column = i;
      inputs.put(
          spec.columns().get(i), samples.stream().map(sample -> sample.vectors()[column]).toList());
    }
    return onThread(() -> executor().run(inputs));
  }

  /**
   * Allocates everything that a run needs and keeps it.
   *
   * @throws dev.tangents.error.TangentsException of category RESOURCE if it does not fit
   */
  void rehearse() {
    onThread(this::executor);
  }

  private RowExecutor executor() {
    if (executor == null) {
      executor = new RowExecutor(engine(), pass, weights, spec.size(), spec.precision());
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
