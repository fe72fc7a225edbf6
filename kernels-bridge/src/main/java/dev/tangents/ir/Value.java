package dev.tangents.ir;

/**
 * A handle on a node of a graph under construction: what rules and importers compute with. Obtained
 * from a {@link GraphBuilder}; valid only there.
 *
 * @param builder the graph under construction
 * @param id the node's position in it
 * @param type kind of number and shape
 */
public record Value(GraphBuilder builder, int id, TensorType type) {
  /** The value's shape. */
  public Shape shape() {
    return type.shape();
  }

  /** Identity is the node: the same builder object and the same id. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && builder == value.builder && id == value.id;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(builder) + id;
  }

  @Override
  public String toString() {
    return "%" + id + ":" + type;
  }
}
