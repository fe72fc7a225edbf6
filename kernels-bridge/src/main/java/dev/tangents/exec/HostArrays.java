package dev.tangents.exec;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Shape;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * Arrays on the heap that have been used and may be filled anew: memory that is touched for the
 * first time costs more than filling it. Of one worker or one task; not thread-safe.
 */
public final class HostArrays {
  private final Queue<HostTensor> idle = new ArrayDeque<>();
  private int most;

  /**
   * No array yet.
   *
   * @param most arrays that may lie idle
   */
  public HostArrays(int most) {
    this.most = most;
  }

  /** Bounds the arrays that may lie idle; those beyond are forgotten, the oldest first. */
  public void keep(int count) {
    most = count;
    while (idle.size() > most) {
      idle.remove();
    }
  }

  /** Forgets the arrays that lie idle. */
  public void clear() {
    idle.clear();
  }

  /** An array of this size, idle or new. What is in it is undefined. */
  public HostTensor take(Shape shape, Precision precision) {
    for (Iterator<HostTensor> each = idle.iterator(); each.hasNext(); ) {
      HostTensor tensor = each.next();
      if (tensor.precision() == precision && tensor.shape().size() == shape.size()) {
        each.remove();
        return tensor.reshape(shape);
      }
    }
    return HostTensor.zeros(shape, precision);
  }

  /**
   * Takes an array that nobody reads any more.
   *
   * @throws TangentsException of category INTERNAL if it is here already
   */
  public void give(HostTensor tensor) {
    if (idle.stream().anyMatch(tensor::sharesArray)) {
      throw TangentsException.internal("HostArrays: %s was given back twice", tensor.shape());
    }
    idle.add(tensor);
    keep(most);
  }
}
