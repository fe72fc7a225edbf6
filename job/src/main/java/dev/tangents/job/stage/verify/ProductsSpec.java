package dev.tangents.job.stage.verify;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelSource;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.WorkerSpec;
import dev.tangents.udfs.model.ModelSpec;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a worker of products with Jacobians is made from.
 *
 * @param network the network and its kernel
 * @param modelHash hash of the model's bytes
 * @param engine which engine
 * @param precision width of its numbers
 * @param samples in one run of the network
 */
record ProductsSpec(
    NetworkSpec network, String modelHash, EngineName engine, Precision precision, int samples)
    implements WorkerSpec<ProductsWorker> {
  @Override
  public ModelSpec model() {
    return network.model();
  }

  @Override
  public Supplier<ProductsWorker> maker(
      ModelSpec.Loaded loaded, Function<String, ModelSource> open) {
    NetworkSpec.Network planned = network.planned(loaded);
    return () -> new ProductsWorker(this, planned);
  }
}
