package dev.tangents.job.stage.tile;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.udfs.executor.EngineName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Kernels of a small network, for tests of workers, which hold no more than two panels. */
final class Kernels {
  /** D. */
  static final int WIDTH = 5;

  private static final int MICRO_BATCH = 4;

  private Kernels() {}

  /**
   * A kernel in an arithmetic.
   *
   * @param samples of a tile's check
   */
  static KernelSpec of(String kernel, EngineName engine, Arithmetic arithmetic, int samples) {
    Map<String, Value> settings = new LinkedHashMap<>();
    settings.put("model", new Value("mlp:5-6-3:tanh?seed=4", "test"));
    settings.put("kernel", new Value(kernel, "test"));
    NetworkSpec network = NetworkSpec.of(Configuration.resolve(List.of(new Layer(settings))));
    return new KernelSpec(
        "run", network, "hash", engine, Precision.FLOAT, arithmetic, MICRO_BATCH, 0, samples);
  }

  /** What makes the workers of one executor for a strict kernel on the CPU. */
  static Supplier<TileWorker> workers(String kernel, int samples) {
    KernelSpec spec = of(kernel, EngineName.ND4J, Arithmetic.STRICT, samples);
    return spec.maker(spec.model().load(name -> null), name -> null);
  }
}
