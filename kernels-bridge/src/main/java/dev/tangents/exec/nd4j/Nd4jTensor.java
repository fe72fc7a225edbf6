package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;

/** A tensor in native memory, row-major; a range of rows is a view of its owner's memory. */
final class Nd4jTensor implements DeviceTensor {
  private final Shape shape;
  private final NativeBuffer buffer;

  Nd4jTensor(Shape shape, NativeBuffer buffer) {
    this.shape = shape;
    this.buffer = buffer;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** The memory, checked to be there still. */
  NativeBuffer buffer() {
    if (buffer.isClosed()) {
      throw TangentsException.internal("Tensor %s: used after its memory was freed", shape);
    }
    return buffer;
  }

  @Override
  public void write(HostTensor values) {
    if (values.shape().size() != shape.size()) {
      throw TangentsException.internal("Write: tensor is %s, values are %s", shape, values.shape());
    }
    if (buffer().isFloat()) {
      buffer.set(0, values.floats(), buffer.length());
    } else {
      buffer.set(0, values.doubles(), buffer.length());
    }
  }

  @Override
  public HostTensor read(HostArrays arrays) {
    if (buffer().isFloat()) {
      HostTensor target = arrays.take(shape, Precision.FLOAT);
      buffer.get(0, target.floats(), buffer.length());
      return target;
    }
    HostTensor target = arrays.take(shape, Precision.DOUBLE);
    buffer.get(0, target.doubles(), buffer.length());
    return target;
  }

  @Override
  public DeviceTensor rows(long from, long to) {
    if (shape.rank() == 0 || from < 0 || to < from || to > shape.dim(0)) {
      throw TangentsException.internal(
          "Rows: [%d, %d) is not a range of rows of %s", from, to, shape);
    }
    long row = shape.remove(0).size();
    Shape part = shape.with(0, to - from);
    return new Nd4jTensor(part, buffer().view((int) (from * row), part.intSize()));
  }

  @Override
  public DeviceTensor reshape(Shape other) {
    if (other.size() != shape.size()) {
      throw TangentsException.internal("Reshape: tensor is %s, asked for %s", shape, other);
    }
    return new Nd4jTensor(other, buffer().view(0, other.intSize()));
  }

  @Override
  public void close() {
    buffer.close();
  }
}
