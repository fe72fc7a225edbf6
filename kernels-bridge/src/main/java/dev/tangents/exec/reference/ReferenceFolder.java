package dev.tangents.exec.reference;

import dev.tangents.ir.Literal;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.TensorType;
import dev.tangents.transform.ConstantFolder;
import java.util.List;

/** Folds constants with the reference kernels, in double. */
public final class ReferenceFolder implements ConstantFolder {
  private final ReferenceKernels kernels = ReferenceKernels.standard();

  @Override
  public Literal fold(Primitive primitive, List<Literal> arguments, TensorType result) {
    double[] value =
        kernels.apply(
            primitive,
            arguments.stream().map(Literal::toArray).toList(),
            arguments.stream().map(literal -> literal.type().shape()).toList(),
            result.shape());
    return Literal.of(result, value);
  }
}
