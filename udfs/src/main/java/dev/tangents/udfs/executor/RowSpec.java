package dev.tangents.udfs.executor;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelSource;
import dev.tangents.ir.Weights;
import dev.tangents.rows.RowGraphs;
import dev.tangents.rows.RowPass;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.RowSize;
import dev.tangents.udfs.model.ModelSpec;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a worker over quantities of each sample is made from.
 *
 * @param model the network
 * @param parameters those that are differentiated by
 * @param requests what is computed, modes decided
 * @param modelHash hash of the model's bytes
 * @param directionHash hash of the direction by parameters; empty if there is none
 * @param engine which engine
 * @param precision width of its numbers
 * @param size samples and lanes that travel together
 * @param othersBytes what idle workers of other specifications may hold beside one of these
 */
public record RowSpec(
    ModelSpec model,
    List<String> parameters,
    List<RowRequest> requests,
    String modelHash,
    String directionHash,
    EngineName engine,
    Precision precision,
    RowSize size,
    long othersBytes)
    implements WorkerSpec<RowWorker> {
  @Override
  public Supplier<RowWorker> maker(ModelSpec.Loaded loaded, Function<String, ModelSource> open) {
    RowPass pass =
        new RowPass(
            requests.stream()
                .map(request -> RowGraphs.of(loaded.graph(), parameters, request))
                .toList());
    Weights weights =
        directionHash.isEmpty()
            ? loaded.model().weights()
            : DirectionFile.add(loaded, parameters, open);
    return () -> new RowWorker(this, pass, loaded.model(), weights);
  }
}
