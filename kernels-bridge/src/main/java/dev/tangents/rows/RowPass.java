package dev.tangents.rows;

import dev.tangents.derivative.Join;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.kernel.Networks;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Quantities that are computed together, in one run of the network. A single one may be computed in
 * chunks of lanes; several have all their lanes in the one graph.
 *
 * @param graphs the quantities
 */
public record RowPass(List<RowGraph> graphs) {
  /** Copies the list. */
  public RowPass {
    graphs = List.copyOf(graphs);
  }

  /** The graph of a micro-batch: the results of each quantity in turn, simplified. */
  public Graph over(RowSize size) {
    List<Graph> each = graphs.stream().map(graph -> graph.source().over(size)).toList();
    return Networks.simplified(each.size() == 1 ? each.get(0) : Join.of(each));
  }

  /** What each input of the graph is filled with, by name. */
  public Map<String, SampleInput> inputs() {
    Map<String, SampleInput> inputs = new TreeMap<>();
    for (RowGraph graph : graphs) {
      graph
          .inputs()
          .forEach(
              (name, content) -> {
                SampleInput other = inputs.put(name, content);
                if (other != null && other != content) {
                  throw TangentsException.internal(
                      "Input '%s': %s in one quantity, %s in another", name, other, content);
                }
              });
    }
    return inputs;
  }

  /** Outer lanes of a single quantity; one if there are several. */
  public Lanes outer() {
    return graphs.size() == 1 ? graphs.get(0).outer() : Lanes.NONE;
  }

  /** Inner lanes of a single quantity; one if there are several. */
  public Lanes inner() {
    return graphs.size() == 1 ? graphs.get(0).inner() : Lanes.NONE;
  }

  /** Lanes of all quantities. */
  public long lanes() {
    return graphs.stream().mapToLong(g -> (long) g.outer().count() * g.inner().count()).sum();
  }

  /** Numbers of one sample in all records. */
  public long numbers() {
    return graphs.stream().mapToLong(RowGraph::numbers).sum();
  }

  /** Numbers of all sums. */
  public long sumNumbers() {
    return graphs.stream().mapToLong(RowGraph::sumNumbers).sum();
  }
}
