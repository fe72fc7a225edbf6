package dev.tangents.udfs.plan;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.function.Supplier;

/**
 * What an aggregate computes with. The model is read when the aggregate is first sent to an
 * executor, so that a plan which is but shown reads none.
 */
final class GroupPass implements Serializable {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<GroupTask> maker;
  private GroupTask task;

  /** Of the driver, on which {@code maker} reads the model. */
  GroupPass(Supplier<GroupTask> maker) {
    this.maker = maker;
  }

  /** What is computed. */
  synchronized GroupTask task() {
    if (task == null) {
      task = maker.get();
    }
    return task;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    task();
    out.defaultWriteObject();
  }
}
