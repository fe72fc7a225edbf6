package dev.tangents.job.stage;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelSource;
import dev.tangents.job.config.Choices.EngineName;
import dev.tangents.job.plan.ModelSpec;
import dev.tangents.job.rows.RowGraph;
import dev.tangents.job.rows.RowRequest;
import dev.tangents.job.rows.RowSize;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a worker of the row stage is made from.
 *
 * @param model the network
 * @param request what is computed, its mode decided
 * @param modelHash hash of the model's bytes
 * @param engine which engine
 * @param precision width of its numbers
 * @param size samples and lanes that travel together
 */
record RowSpec(
    ModelSpec model,
    RowRequest request,
    String modelHash,
    EngineName engine,
    Precision precision,
    RowSize size)
    implements WorkerSpec<RowWorker> {
  @Override
  public Supplier<RowWorker> load(Function<String, ModelSource> open) {
    ModelSpec.Loaded loaded = model.load(open);
    RowGraph rows = RowGraph.of(loaded.graph(), request);
    return () -> new RowWorker(this, rows, loaded.model().weights());
  }
}
