package dev.tangents.job.stage.tile;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelSource;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.WorkerSpec;
import dev.tangents.udfs.model.ModelSpec;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a worker of the tile stage is made from.
 *
 * @param run a name that no other run has, nor another plan of the run that cuts other panels: a
 *     worker keeps panels by the names of their files
 * @param network the network and its kernel
 * @param modelHash hash of the model's bytes
 * @param engine which engine
 * @param precision width of its numbers
 * @param arithmetic how products of tiles are formed
 * @param microBatch samples in one run of the network
 * @param cacheBytes bound of the cache of panels, beside the two in use
 * @param checkSamples most rows and columns in one check of a tile
 */
public record KernelSpec(
    String run,
    NetworkSpec network,
    String modelHash,
    EngineName engine,
    Precision precision,
    Arithmetic arithmetic,
    int microBatch,
    long cacheBytes,
    int checkSamples)
    implements WorkerSpec<TileWorker> {
  @Override
  public ModelSpec model() {
    return network.model();
  }

  @Override
  public Supplier<TileWorker> maker(ModelSpec.Loaded loaded, Function<String, ModelSource> open) {
    NetworkSpec.Network planned = network.planned(loaded);
    PanelExchange exchange = new PanelExchange();
    return () -> new TileWorker(this, planned, exchange);
  }
}
