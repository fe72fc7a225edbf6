package dev.tangents.job.stage.verify;

import dev.tangents.exec.HostTensor;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.kernel.check.JacobianProducts;
import dev.tangents.udfs.executor.Worker;
import java.util.List;

/** A worker with prepared products J^T v and J u. */
final class ProductsWorker extends Worker {
  private final ProductsSpec spec;
  private final NetworkSpec.Network network;
  private JacobianProducts products;

  ProductsWorker(ProductsSpec spec, NetworkSpec.Network network) {
    super(spec, spec.engine(), spec.precision());
    this.spec = spec;
    this.network = network;
  }

  /** Zeros for each parameter, to {@link #accumulate} into. */
  List<double[]> zeros() {
    return onThread(() -> products().zeros());
  }

  /** Adds J^T v, see {@link JacobianProducts#accumulate}. */
  void accumulate(HostTensor samples, double[] cotangents, List<double[]> sum) {
    onThread(
        () -> {
          products().accumulate(samples, cotangents, sum);
          return null;
        });
  }

  /** J u, see {@link JacobianProducts#apply}. */
  double[] apply(HostTensor samples, List<double[]> tangents) {
    return onThread(() -> products().apply(samples, tangents));
  }

  private JacobianProducts products() {
    if (products == null) {
      products =
          new JacobianProducts(
              engine(),
              network.graph(),
              network.plan().request(),
              network.model().weights(),
              spec.samples());
    }
    return products;
  }

  @Override
  protected void free() {
    if (products != null) {
      products.close();
    }
  }
}
