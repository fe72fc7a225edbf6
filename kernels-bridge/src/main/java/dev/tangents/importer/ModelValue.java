package dev.tangents.importer;

import dev.tangents.ir.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The value of a model file that is f(x), without its batch axis; its numbers in order are the O
 * outputs.
 *
 * @param name as in the file
 * @param dims extents for one sample
 */
public record ModelValue(String name, List<Long> dims) implements Serializable {
  /** Copies the list. */
  public ModelValue {
    dims = List.copyOf(dims);
  }

  /** A value of the shape that it has in a graph. */
  public static ModelValue of(String name, Shape shape) {
    return new ModelValue(name, Arrays.stream(shape.dims()).boxed().toList());
  }

  /** Name and shape, for messages. */
  @Override
  public String toString() {
    return Text.shown(name) + " " + dims;
  }
}
