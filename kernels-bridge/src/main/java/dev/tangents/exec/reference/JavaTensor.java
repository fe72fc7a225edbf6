package dev.tangents.exec.reference;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;

/** A tensor in a Java array; a view is a range of its owner's array. */
final class JavaTensor implements DeviceTensor {
  private final Shape shape;
  private final double[] values;
  private final int offset;

  JavaTensor(Shape shape, double[] values, int offset) {
    this.shape = shape;
    this.values = values;
    this.offset = offset;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void write(HostTensor source) {
    if (source.shape().size() != shape.size()) {
      throw TangentsException.internal("Write: tensor is %s, values are %s", shape, source.shape());
    }
    System.arraycopy(source.doubles(), 0, values, offset, shape.intSize());
  }

  @Override
  public HostTensor read(HostArrays arrays) {
    HostTensor target = arrays.take(shape, Precision.DOUBLE);
    System.arraycopy(values, offset, target.doubles(), 0, shape.intSize());
    return target;
  }

  @Override
  public DeviceTensor rows(long from, long to) {
    Shape part = shape.with(0, to - from);
    int row = shape.remove(0).intSize();
    return new JavaTensor(part, values, offset + Math.multiplyExact((int) from, row));
  }

  @Override
  public DeviceTensor reshape(Shape other) {
    if (other.size() != shape.size()) {
      throw TangentsException.internal("Reshape: tensor is %s, asked for %s", shape, other);
    }
    return new JavaTensor(other, values, offset);
  }

  @Override
  public void close() {}
}
