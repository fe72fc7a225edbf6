package dev.tangents.exec.nd4j.cuda;

import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What each primitive computes, by its class. An explicit, immutable table. */
final class ArrayKernels {
  private final Map<Class<? extends Primitive>, ArrayKernel<?>> kernels;

  private ArrayKernels(Map<Class<? extends Primitive>, ArrayKernel<?>> kernels) {
    this.kernels = Map.copyOf(kernels);
  }

  /** All kernels that there are; determinants, inverses and their like have none. */
  static ArrayKernels standard() {
    Table table = new Table();
    ElementwiseArrays.register(table);
    MovingArrays.register(table);
    IndexArrays.register(table);
    FoldingArrays.register(table);
    return new ArrayKernels(table.kernels);
  }

  Set<Class<? extends Primitive>> supported() {
    return kernels.keySet();
  }

  /** Computes one application of a supported primitive; the result is row-major and contiguous. */
  INDArray apply(Primitive primitive, List<INDArray> operands, Shape result) {
    INDArray y = apply(primitive.getClass(), primitive, operands, result);
    boolean shared =
        y.isView() || operands.stream().anyMatch(x -> x.data().address() == y.data().address());
    if (!shared && y.ordering() == 'c') {
      return y.reshape('c', dims(result));
    }
    INDArray own = y.dup('c').reshape('c', dims(result));
    if (!shared) {
      ArrayEngine.close(y);
    }
    return own;
  }

  /** Extents for ND4J, where a number is an array of one. */
  static long[] dims(Shape shape) {
    return shape.rank() == 0 ? new long[] {1} : shape.dims();
  }

  private <P extends Primitive> INDArray apply(
      Class<P> type, Primitive primitive, List<INDArray> operands, Shape result) {
    // Table.add put it in under its own class, so the cast holds.
    @SuppressWarnings("unchecked")
    ArrayKernel<P> kernel = (ArrayKernel<P>) kernels.get(type);
    return kernel.apply(type.cast(primitive), operands, result);
  }

  /** The table while families fill it. */
  static final class Table {
    private final Map<Class<? extends Primitive>, ArrayKernel<?>> kernels = new HashMap<>();

    <P extends Primitive> void add(Class<P> type, ArrayKernel<P> kernel) {
      kernels.put(type, kernel);
    }
  }
}
