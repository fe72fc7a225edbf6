package dev.tangents.rows;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How one quantity is computed: a graph for a batch of samples and a chunk of lanes, and what its
 * results mean.
 *
 * @param source the graph of a micro-batch
 * @param inputs what each of the graph's inputs [N, ...] is filled with
 * @param outer the seed that varies slowest
 * @param inner the seed that varies fastest
 * @param parts what the graph's results are, in order
 */
public record RowGraph(
    Source source, Map<String, SampleInput> inputs, Lanes outer, Lanes inner, List<Part> parts) {
  /** Makes the graph of a micro-batch. */
  @FunctionalInterface
  public interface Source {
    /**
     * The graph over {@code size.samples()} samples: results [N, V outer, V inner, ...], without
     * the lanes that there are none of; sums have no axis of samples.
     */
    Graph over(RowSize size);
  }

  /** Copies the collections. */
  public RowGraph {
    inputs = Map.copyOf(inputs);
    parts = List.copyOf(parts);
  }

  /** The graph of a quantity, from that of one sample and one unit vector of each seed. */
  static RowGraph of(
      Graph sample, Map<String, SampleInput> inputs, Lanes outer, Lanes inner, List<Part> parts) {
    Source source =
        size -> {
          int outerChunk = size.outer(outer);
          int innerChunk = size.inner(inner);
          Graph lanes = lanes(lanes(sample, inner, innerChunk), outer, outerChunk);
          Graph batched = Batch.of(lanes, inputs.keySet(), size.samples());
          return bind(bind(batched, outer, outerChunk), inner, innerChunk);
        };
    return new RowGraph(source, inputs, outer, inner, parts);
  }

  /** The graph of a quantity, from that of one sample without seeds. */
  static RowGraph of(Graph sample, Map<String, SampleInput> inputs, List<Part> parts) {
    return of(sample, inputs, Lanes.NONE, Lanes.NONE, parts);
  }

  /** Numbers of one sample in all records. */
  public long numbers() {
    return parts.stream().filter(part -> !part.summed()).mapToLong(Part::size).sum();
  }

  /** Numbers of all sums. */
  public long sumNumbers() {
    return parts.stream().filter(Part::summed).mapToLong(Part::size).sum();
  }

  private static Graph lanes(Graph graph, Lanes lanes, int chunk) {
    return lanes.present() ? Batch.of(graph, Set.of(lanes.input()), chunk) : graph;
  }

  /**
   * A seed whose lanes all fit is a constant, so that what depends on weights alone is computed
   * before any sample comes.
   */
  private static Graph bind(Graph graph, Lanes lanes, int chunk) {
    if (!lanes.present() || chunk < lanes.count()) {
      return graph;
    }
    TensorType type = graph.input(lanes.input()).type();
    return Bind.constant(graph, lanes.input(), Literal.of(type, lanes.units(0, chunk)));
  }
}
