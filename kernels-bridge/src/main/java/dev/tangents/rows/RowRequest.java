package dev.tangents.rows;

import java.io.Serializable;
import java.util.List;

/**
 * What is computed of every sample, and how.
 *
 * @param quantity which quantity
 * @param mode how a Jacobian by inputs is computed
 * @param order how a Hessian is computed
 * @param projection k and the seed of a projected Jacobian
 * @param loss what a gradient is taken of
 * @param tangent the direction v of a JVP or HVP; none or one
 * @param cotangent the weights w of a VJP or HVP; none or one
 */
public record RowRequest(
    Quantity quantity,
    Mode mode,
    Order order,
    Projection projection,
    LossRequest loss,
    List<Direction> tangent,
    List<Direction> cotangent)
    implements Serializable {

  /**
   * A random projection.
   *
   * @param size k, numbers of a feature
   * @param seed of its signs
   */
  public record Projection(int size, long seed) implements Serializable {}

  /**
   * A loss and what is done with each sample's.
   *
   * @param kind which loss
   * @param delta where the Huber loss turns into a line
   * @param weighted whether every sample has a weight of its own
   * @param clip bound of the norm of a sample's gradient in a sum; infinite for none
   */
  public record LossRequest(LossKind kind, double delta, boolean weighted, double clip)
      implements Serializable {
    /** A loss without weights and bounds, of delta 1. */
    public static LossRequest of(LossKind kind) {
      return new LossRequest(kind, 1, false, Double.POSITIVE_INFINITY);
    }
  }

  /** Copies the lists. */
  public RowRequest {
    tangent = List.copyOf(tangent);
    cotangent = List.copyOf(cotangent);
  }

  /** A quantity with every choice at its default: the mean square as loss, no directions. */
  public static RowRequest of(Quantity quantity) {
    return new RowRequest(
        quantity,
        Mode.AUTO,
        Order.FORWARD_OVER_REVERSE,
        new Projection(512, 0),
        LossRequest.of(LossKind.MSE),
        List.of(),
        List.of());
  }

  /** This request in a mode. */
  public RowRequest withMode(Mode decided) {
    return new RowRequest(quantity, decided, order, projection, loss, tangent, cotangent);
  }

  /** This request in an order. */
  public RowRequest withOrder(Order chosen) {
    return new RowRequest(quantity, mode, chosen, projection, loss, tangent, cotangent);
  }

  /** This request with a projection. */
  public RowRequest withProjection(int size, long seed) {
    return new RowRequest(
        quantity, mode, order, new Projection(size, seed), loss, tangent, cotangent);
  }

  /** This request with a loss. */
  public RowRequest withLoss(LossRequest chosen) {
    return new RowRequest(quantity, mode, order, projection, chosen, tangent, cotangent);
  }

  /** This request along directions, of none or one number list each. */
  public RowRequest withDirections(List<Direction> v, List<Direction> w) {
    return new RowRequest(quantity, mode, order, projection, loss, v, w);
  }
}
