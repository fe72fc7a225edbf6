package dev.tangents.ir;

/**
 * A value seen by the batching transform: either it carries the new axis, always as axis 0, or it
 * is the same for every element of the batch.
 *
 * @param value the value; with the batch axis in front if {@code mapped}
 * @param mapped whether the value carries the batch axis
 */
public record Mapped(Value value, boolean mapped) {
  /** A value with the batch axis in front. */
  public static Mapped along(Value value) {
    return new Mapped(value, true);
  }

  /** A value shared by the whole batch. */
  public static Mapped shared(Value value) {
    return new Mapped(value, false);
  }

  /** Shape of one element, without the batch axis. */
  public Shape elementShape() {
    return mapped ? value.shape().remove(0) : value.shape();
  }
}
