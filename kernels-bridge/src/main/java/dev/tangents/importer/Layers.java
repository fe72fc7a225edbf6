package dev.tangents.importer;

import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Value;

/** What importers build layers from. */
public final class Layers {
  private Layers() {}

  /**
   * x W for one sample.
   *
   * @param x [in]
   * @param weight [in, out]
   * @return [out]
   */
  public static Value linear(Value x, Value weight) {
    Value row = reshape(x, 1, x.shape().size());
    return reshape(matMul(row, weight), weight.shape().dim(1));
  }
}
