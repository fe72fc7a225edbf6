package dev.tangents.job.plan;

import dev.tangents.kernel.Method;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a plan has decided and a kernel's numbers depend on. What is added to a kernel is computed
 * by the same.
 *
 * @param tile samples in a panel
 * @param microBatch samples in one run of the network
 * @param lanes outputs in a pass
 * @param methodTile samples of the tile that methods were chosen for
 * @param methods of each parameter
 */
public record KernelChoices(
    int tile, int microBatch, long lanes, long methodTile, Map<String, Method> methods) {
  /** Copies the methods, in their order. */
  public KernelChoices {
    methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
  }

  /** A method by its name in a manifest. */
  public static Method method(String name) {
    return Method.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
