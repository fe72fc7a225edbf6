package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A tensor in an array of one axis; a range of rows is a view of its owner's array. */
final class ArrayTensor implements DeviceTensor {
  private final Shape shape;
  private final INDArray flat;
  private Runnable onClose;

  /** {@code onClose} frees the array; a view has nothing to free. */
  ArrayTensor(Shape shape, INDArray flat, Runnable onClose) {
    this.shape = shape;
    this.flat = flat;
    this.onClose = onClose;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** The numbers in their shape. */
  INDArray array() {
    return flat.reshape('c', ArrayKernels.dims(shape));
  }

  /** Takes over the numbers of a row-major array of the same size. */
  void assign(INDArray values) {
    flat.assign(values.reshape('c', new long[] {flat.length()}));
  }

  @Override
  public void write(HostTensor values) {
    if (values.shape().size() != shape.size()) {
      throw TangentsException.internal("Write: tensor is %s, values are %s", shape, values.shape());
    }
    INDArray source =
        flat.dataType() == DataType.FLOAT
            ? Nd4j.createFromArray(values.floats())
            : Nd4j.createFromArray(values.doubles());
    try (source) {
      flat.assign(source);
    }
  }

  /** ND4J hands out new arrays alone. */
  @Override
  public HostTensor read(HostArrays arrays) {
    try (INDArray copy = flat.dup('c')) {
      return copy.dataType() == DataType.FLOAT
          ? HostTensor.of(shape, copy.data().asFloat())
          : HostTensor.of(shape, copy.data().asDouble());
    }
  }

  @Override
  public DeviceTensor rows(long from, long to) {
    if (shape.rank() == 0 || from < 0 || to < from || to > shape.dim(0)) {
      throw TangentsException.internal(
          "Rows: [%d, %d) is not a range of rows of %s", from, to, shape);
    }
    long row = shape.remove(0).size();
    INDArray part = flat.get(NDArrayIndex.interval(from * row, to * row));
    return new ArrayTensor(shape.with(0, to - from), part, () -> {});
  }

  @Override
  public DeviceTensor reshape(Shape other) {
    if (other.size() != shape.size()) {
      throw TangentsException.internal("Reshape: tensor is %s, asked for %s", shape, other);
    }
    return new ArrayTensor(other, flat, () -> {});
  }

  @Override
  public void close() {
    onClose.run();
    onClose = () -> {};
  }
}
