package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;

/** Bounds what recurrent layers, which are written out step by step, make of a graph. */
public final class Unrolling {
  /** Nodes of our graph after which no recurrence may be written out into it. */
  private static final long MOST_NODES = 50_000;

  /** About what a step takes in the graph. */
  private static final long NODES_OF_STEP = 25;

  private Unrolling() {}

  /**
   * Checks that there is room for a layer.
   *
   * @param steps that it takes
   * @throws TangentsException of category MODEL if the graph would have too many nodes
   */
  public static void requireRoom(GraphBuilder graph, long steps) {
    long nodes = graph.size() + Math.multiplyExact(steps, NODES_OF_STEP);
    if (nodes > MOST_NODES) {
      throw TangentsException.model(
          "%d steps make a graph of about %d nodes; expected at most %d. Export the model for shorter"
              + " sequences",
          steps, nodes, MOST_NODES);
    }
  }
}
