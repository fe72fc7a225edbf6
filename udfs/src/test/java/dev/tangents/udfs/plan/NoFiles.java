package dev.tangents.udfs.plan;

import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag$;

/** The files of a model that is one string, where a task has them already. */
final class NoFiles extends Broadcast<Map<String, byte[]>> {
  private static final long serialVersionUID = 1L;

  NoFiles() {
    super(0, ClassTag$.MODULE$.apply(Map.class));
  }

  @Override
  public Map<String, byte[]> getValue() {
    return Map.of();
  }

  @Override
  public void doUnpersist(boolean blocking) {}

  @Override
  public void doDestroy(boolean blocking) {}
}
