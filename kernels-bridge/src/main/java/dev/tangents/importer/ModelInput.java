package dev.tangents.importer;

import dev.tangents.ir.TensorType;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of the inputs that a model file declares, without its batch axis.
 *
 * @param name as in the file
 * @param real whether it holds real numbers, else whole ones such as token ids
 * @param dims extents for one sample
 */
public record ModelInput(String name, boolean real, List<Long> dims) implements Serializable {
  /** Copies the list. */
  public ModelInput {
    dims = List.copyOf(dims);
  }

  /** An input of the type that it has in a graph. */
  public static ModelInput of(String name, TensorType type) {
    return new ModelInput(name, type.isReal(), Arrays.stream(type.shape().dims()).boxed().toList());
  }

  /** How many numbers it takes of a sample. */
  public long size() {
    return dims.stream().reduce(1L, Math::multiplyExact);
  }

  /** Name, kind and shape of each, for messages. */
  public static String listed(List<ModelInput> inputs) {
    return inputs.stream().map(ModelInput::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return Text.shown(name) + (real ? " real " : " integer ") + dims;
  }
}
