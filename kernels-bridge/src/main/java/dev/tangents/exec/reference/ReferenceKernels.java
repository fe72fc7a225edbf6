package dev.tangents.exec.reference;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each primitive computes, by its class. An explicit, immutable table. */
final class ReferenceKernels {
  private final Map<Class<? extends Primitive>, Kernel<?>> kernels;

  private ReferenceKernels(Map<Class<? extends Primitive>, Kernel<?>> kernels) {
    this.kernels = Map.copyOf(kernels);
  }

  /** The table of all primitives. */
  static ReferenceKernels standard() {
    Table table = new Table();
    ElementwiseKernels.register(table);
    ShapeKernels.register(table);
    IndexKernels.register(table);
    ReduceKernels.register(table);
    MatMulKernel.register(table);
    SquareKernels.register(table);
    return new ReferenceKernels(table.kernels);
  }

  /** The primitives that have a kernel. */
  Set<Class<? extends Primitive>> supported() {
    return kernels.keySet();
  }

  /**
   * Computes one application.
   *
   * @throws TangentsException if the primitive has no kernel
   */
  double[] apply(Primitive primitive, List<double[]> operands, List<Shape> shapes, Shape result) {
    return apply(primitive.getClass(), primitive, operands, shapes, result);
  }

  private <P extends Primitive> double[] apply(
      Class<P> type,
      Primitive primitive,
      List<double[]> operands,
      List<Shape> shapes,
      Shape result) {
    // Table.add put it in under its own class, so the cast holds.
    @SuppressWarnings("unchecked")
    Kernel<P> kernel = (Kernel<P>) kernels.get(type);
    if (kernel == null) {
      throw TangentsException.internal(
          "Reference engine: no kernel for primitive '%s'. Register one in its family",
          primitive.name());
    }
    return kernel.apply(type.cast(primitive), operands, shapes, result);
  }

  /** The table while families fill it. */
  static final class Table {
    private final Map<Class<? extends Primitive>, Kernel<?>> kernels = new HashMap<>();

    <P extends Primitive> void add(Class<P> type, Kernel<P> kernel) {
      if (kernels.put(type, kernel) != null) {
        throw TangentsException.internal(
            "Reference engine: two kernels for %s", type.getSimpleName());
      }
    }
  }
}
