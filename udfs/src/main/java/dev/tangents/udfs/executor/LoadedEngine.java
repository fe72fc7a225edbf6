package dev.tangents.udfs.executor;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;

/**
 * An engine whose native libraries are in this JVM.
 *
 * @param description versions, kernels and threads
 * @param advice what would make it faster here; empty if nothing
 */
public record LoadedEngine(String description, String advice) {
  /**
   * Loads one, which takes seconds the first time.
   *
   * @throws dev.tangents.error.TangentsException of category SETUP if it does not load
   */
  public static LoadedEngine of(EngineName name) {
    try (Engine engine = Engines.open(name, Precision.FLOAT)) {
      return new LoadedEngine(engine.describe(), engine.advice().orElse(""));
    }
  }
}
