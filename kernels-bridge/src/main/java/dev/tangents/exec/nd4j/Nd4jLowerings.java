package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Primitive;
import dev.tangents.op.shape.Reshape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The engine's lowerings by primitive: an explicit table, put together from its families. */
final class Nd4jLowerings {
  private final Map<Class<? extends Primitive>, Lowering<?>> lowerings;

  private Nd4jLowerings(Map<Class<? extends Primitive>, Lowering<?>> lowerings) {
    this.lowerings = Map.copyOf(lowerings);
  }

  /** The table of all primitives. */
  static Nd4jLowerings standard() {
    Map<Class<? extends Primitive>, Lowering<?>> table = new HashMap<>();
    Stream.of(
            ElementwiseLowerings.all(),
            ShapeLowerings.all(),
            ReduceLowerings.all(),
            IndexLowerings.all(),
            SquareLowerings.all(),
            List.<Lowering<?>>of(MatMulLowering.lowering()))
        .flatMap(List::stream)
        .forEach(
            lowering -> {
              if (table.put(lowering.type(), lowering) != null) {
                throw TangentsException.internal(
                    "ND4J engine: two lowerings for %s", lowering.type().getSimpleName());
              }
            });
    return new Nd4jLowerings(table);
  }

  /**
   * The primitives that can be prepared. A reshape needs no step: it shares its operand's memory.
   */
  Set<Class<? extends Primitive>> supported() {
    Set<Class<? extends Primitive>> all = new HashSet<>(lowerings.keySet());
    all.add(Reshape.class);
    return Set.copyOf(all);
  }

  /** The lowering of a supported primitive that is no reshape. */
  Lowering<?> of(Primitive primitive) {
    return lowerings.get(primitive.getClass());
  }
}
