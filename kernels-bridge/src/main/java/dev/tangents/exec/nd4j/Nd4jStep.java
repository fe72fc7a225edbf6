package dev.tangents.exec.nd4j;

import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An ND4J operation of the old kind, from one flat array to another or in place. It is made at the
 * first run and used again, with other arrays where those of the frame have changed.
 */
final class Nd4jStep implements Step {
  private final BiFunction<INDArray, INDArray, Op> maker;
  private final int source;
  private final int slot;
  private Op operation;

  Nd4jStep(BiFunction<INDArray, INDArray, Op> maker, int source, int slot) {
    this.maker = maker;
    this.source = source;
    this.slot = slot;
  }

  @Override
  public void run(Frame frame) {
    INDArray x = frame.at(source).flat();
    INDArray z = frame.at(slot).flat();
    if (operation == null) {
      operation = maker.apply(x, z);
    } else {
      operation.setX(x);
      operation.setZ(z);
    }
    Nd4j.getExecutioner().exec(operation);
  }
}
