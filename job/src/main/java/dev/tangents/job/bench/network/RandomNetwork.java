package dev.tangents.job.bench.network;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Weights;

/**
 * A network with random weights.
 *
 * @param name what people call it
 * @param graph f of ONE sample, from x [D] to [O]
 * @param weights the numbers of its P parameters
 */
public record RandomNetwork(String name, Graph graph, Weights weights) {
  /** P. */
  public long parameterCount() {
    return graph.parameterCount();
  }
}
