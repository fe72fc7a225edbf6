package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Primitive;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Round;
import dev.tangents.op.elementwise.Select;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Reshape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The engine's lowerings by primitive, an explicit table put together from its families: formulas
 * that are computed where they are read, and kernels of their own. A reshape needs neither, and a
 * matrix product is cuBLAS's.
 */
final class CudaLowerings {
  /** Elementwise primitives of one or two instructions. */
  private static final Set<Class<? extends Primitive>> LIGHT =
      Set.of(
          Abs.class,
          Add.class,
          Greater.class,
          LeakyRelu.class,
          Max.class,
          Min.class,
          Mul.class,
          Neg.class,
          Relu.class,
          Round.class,
          Select.class,
          Sub.class);

  private static final int FUNCTION = 4;

  private final Map<Class<? extends Primitive>, Pull<?>> pulls;
  private final Map<Class<? extends Primitive>, Push<?>> pushes;

  private CudaLowerings(Table table) {
    this.pulls = Map.copyOf(table.pulls);
    this.pushes = Map.copyOf(table.pushes);
  }

  /** The table of all primitives. */
  static CudaLowerings standard() {
    Table table = new Table();
    PointwisePulls.register(table);
    MovingPulls.register(table);
    FoldingPushes.register(table);
    AddingPushes.register(table);
    SquarePushes.register(table);
    return new CudaLowerings(table);
  }

  /** The primitives that can be prepared. */
  Set<Class<? extends Primitive>> supported() {
    Set<Class<? extends Primitive>> all = new HashSet<>(pulls.keySet());
    all.addAll(pushes.keySet());
    all.add(MatMul.class);
    all.add(Reshape.class);
    return Set.copyOf(all);
  }

  /** Whether a primitive can be computed where it is read. */
  boolean isPull(Primitive primitive) {
    return pulls.containsKey(primitive.getClass());
  }

  /** What computing one element of an elementwise primitive costs, in additions. */
  int weight(Primitive primitive) {
    return LIGHT.contains(primitive.getClass()) ? 1 : FUNCTION;
  }

  /** The formula of a primitive, which {@link Table#pull} put in under its own class. */
  @SuppressWarnings("unchecked")
  <P extends Primitive> Pull<P> pull(P primitive) {
    return (Pull<P>) pulls.get(primitive.getClass());
  }

  /** The kernel of a primitive, which {@link Table#push} put in under its own class. */
  @SuppressWarnings("unchecked")
  <P extends Primitive> Push<P> push(P primitive) {
    return (Push<P>) pushes.get(primitive.getClass());
  }

  /** The table while families fill it. */
  static final class Table {
    private final Map<Class<? extends Primitive>, Pull<?>> pulls = new HashMap<>();
    private final Map<Class<? extends Primitive>, Push<?>> pushes = new HashMap<>();

    <P extends Primitive> void pull(Class<P> type, Pull<P> pull) {
      requireNew(type, pulls.put(type, pull));
    }

    <P extends Primitive> void push(Class<P> type, Push<P> push) {
      requireNew(type, pushes.put(type, push));
    }

    private static void requireNew(Class<?> type, Object before) {
      if (before != null) {
        throw TangentsException.internal("CUDA engine: two lowerings for %s", type.getSimpleName());
      }
    }
  }
}
