package dev.tangents.job.bench;

import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import java.util.List;

/**
 * A derivative of a model over a batch.
 *
 * @param name what it is called
 * @param graph computes it; all its results together are the quantity
 * @param inputs the arguments of the graph
 */
record Workload(String name, Graph graph, List<HostTensor> inputs) {
  Workload {
    inputs = List.copyOf(inputs);
  }
}
