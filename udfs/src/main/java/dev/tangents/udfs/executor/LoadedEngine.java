package dev.tangents.udfs.executor;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;

/**
 * An engine whose native libraries are in this JVM.
 *
 * @param description versions, kernels and threads
 * @param advice what would make it faster here; empty if nothing
 * @param device that it computes on; empty where it is the processor
 */
public record LoadedEngine(String description, String advice, String device) {
  /**
   * Loads one, which takes seconds the first time.
   *
   * @param gpu which device an engine for GPUs computes on
   * @throws dev.tangents.error.TangentsException of category SETUP if it does not load
   */
  public static LoadedEngine of(EngineName name, GpuRequest gpu) {
    try (Engine engine = Engines.open(name, Precision.FLOAT, gpu)) {
      return new LoadedEngine(
          engine.describe(), engine.advice().orElse(""), engine.device().orElse(""));
    }
  }
}
