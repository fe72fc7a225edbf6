package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;

/** A tensor in a GPU's memory, row-major; a range of rows is a view of its owner's memory. */
final class CudaTensor implements DeviceTensor {
  private final Shape shape;
  private final CudaMemory memory;
  private final CudaMemory.Block block;
  private final long offset;
  private final boolean owner;

  private CudaTensor(
      Shape shape, CudaMemory memory, CudaMemory.Block block, long offset, boolean owner) {
    this.shape = shape;
    this.memory = memory;
    this.block = block;
    this.offset = offset;
    this.owner = owner;
  }

  /** A tensor with memory of its own. */
  static CudaTensor allocate(Shape shape, CudaMemory memory) {
    long bytes = (long) shape.intSize() * memory.precision().bytes();
    memory.require(bytes, "Tensor " + shape);
    return new CudaTensor(shape, memory, memory.allocate(bytes), 0, true);
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** Width of its numbers. */
  Precision precision() {
    return memory.precision();
  }

  /** Where it is, checked to be there still. */
  long address() {
    if (block.isClosed()) {
      throw TangentsException.internal("Tensor %s: used after its memory was freed", shape);
    }
    return block.address() + offset;
  }

  /** Says that its contents have changed, or are about to. */
  void written() {
    block.written();
  }

  /**
   * Where its rows of floats are in the packed form that tiles read. Views share that of their
   * owner where they begin at a multiple of a piece's rows.
   *
   * @param inner numbers of a row, as the tile sees it
   */
  long packed(int inner, Arithmetic arithmetic) {
    address();
    long pieces = (long) Pieces.ROWS * inner * Float.BYTES;
    long before = offset / pieces;
    long place = block.packed(offset % pieces, inner, arithmetic);
    return place + Pieces.bytes(before * Pieces.ROWS, inner, arithmetic);
  }

  @Override
  public void write(HostTensor values) {
    if (values.shape().size() != shape.size()) {
      throw TangentsException.internal("Write: tensor is %s, values are %s", shape, values.shape());
    }
    long address = address();
    written();
    if (shape.size() > 0 && precision() == Precision.FLOAT) {
      memory.gpu().write(address, values.floats());
    } else if (shape.size() > 0) {
      memory.gpu().write(address, values.doubles());
    }
  }

  @Override
  public void copy(DeviceTensor other) {
    if (!(other instanceof CudaTensor source)
        || !memory.gpu().reaches(source.memory.gpu())
        || source.precision() != precision()
        || source.shape.size() != shape.size()) {
      throw TangentsException.internal(
          "Copy: expected a tensor %s of an engine on this device, got %s", shape, other.shape());
    }
    long target = address();
    written();
    if (shape.size() > 0) {
      memory.gpu().copy(target, source.address(), shape.size() * precision().bytes());
    }
  }

  @Override
  public HostTensor read(HostArrays arrays) {
    long address = address();
    HostTensor target = arrays.take(shape, precision());
    if (shape.size() > 0 && precision() == Precision.FLOAT) {
      memory.gpu().read(address, target.floats());
    } else if (shape.size() > 0) {
      memory.gpu().read(address, target.doubles());
    }
    return target;
  }

  @Override
  public DeviceTensor rows(long from, long to) {
    if (shape.rank() == 0 || from < 0 || to < from || to > shape.dim(0)) {
      throw TangentsException.internal(
          "Rows: [%d, %d) is not a range of rows of %s", from, to, shape);
    }
    long row = shape.remove(0).size() * precision().bytes();
    return new CudaTensor(shape.with(0, to - from), memory, block, offset + from * row, false);
  }

  @Override
  public DeviceTensor reshape(Shape other) {
    if (other.size() != shape.size()) {
      throw TangentsException.internal("Reshape: tensor is %s, asked for %s", shape, other);
    }
    return new CudaTensor(other, memory, block, offset, false);
  }

  @Override
  public void close() {
    if (owner) {
      block.close();
    }
  }
}
