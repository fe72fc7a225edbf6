package dev.tangents.importer.keras;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.NumberBudget;
import dev.tangents.importer.Text;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An HDF5 file in memory: groups, texts and arrays of numbers by their paths. Links, which could
 * lead to other files, and compressed arrays, which could unpack to anything, are refused. The one
 * class that knows the HDF5 library.
 */
final class Hdf5 implements AutoCloseable {
  private final HdfFile file;
  private final NumberBudget budget;

  private Hdf5(HdfFile file, long maxBytes) {
    this.file = file;
    this.budget = new NumberBudget(maxBytes);
  }

  /**
   * Opens a file.
   *
   * @param maxBytes most bytes of all arrays together, in double
   * @throws TangentsException of category MODEL if it is no HDF5 file
   */
  static Hdf5 open(byte[] bytes, long maxBytes) {
    return guarded("it is no HDF5 file", () -> new Hdf5(HdfFile.fromBytes(bytes), maxBytes));
  }

  /** Whether there is a group or an array at {@code path}. */
  boolean has(String path) {
    return guarded(path, () -> find(path).isPresent());
  }

  /** The text of an attribute of a group, if there is one. */
  Optional<String> text(String path, String attribute) {
    List<String> texts = texts(path, attribute);
    return texts.isEmpty() ? Optional.empty() : Optional.of(texts.get(0));
  }

  /** The texts of an attribute of a group; none if there is no such group or attribute. */
  List<String> texts(String path, String attribute) {
    return guarded(
        path,
        () ->
            find(path).map(node -> strings(node.getAttributes().get(attribute))).orElse(List.of()));
  }

  /**
   * The numbers at {@code path}, widened to double.
   *
   * @throws TangentsException of category MODEL if there are none or they are of another type
   */
  Literal numbers(String path) {
    return guarded(
        path,
        () -> {
          if (!(find(path).orElse(null) instanceof Dataset dataset)) {
            throw TangentsException.model("there is no array '%s'", Text.shown(path));
          }
          return literal(dataset);
        });
  }

  @Override
  public void close() {
    file.close();
  }

  private Optional<Node> find(String path) {
    Node node = file;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      Node child = node instanceof Group group ? group.getChildren().get(part) : null;
      if (child == null) {
        return Optional.empty();
      }
      if (child.isLink()) {
        throw TangentsException.model(
            "'%s' is a link; expected the array or group itself. Save the model again",
            Text.shown(part));
      }
      node = child;
    }
    return Optional.of(node);
  }

  private static List<String> strings(Attribute attribute) {
    if (attribute == null || attribute.isEmpty() || attribute.getSize() == 0) {
      return List.of();
    }
    Object data = attribute.getData();
    if (data instanceof String text) {
      return List.of(text);
    }
    if (data instanceof Object[] array) {
      return Arrays.stream(array).map(String::valueOf).toList();
    }
    throw TangentsException.model(
        "attribute '%s' is of %s; expected text",
        Text.shown(attribute.getName()), data.getClass().getSimpleName());
  }

  private Literal literal(Dataset dataset) {
    Shape shape = shape(dataset.getDimensions());
    if (!dataset.getFilters().isEmpty()) {
      throw TangentsException.model("it is compressed; save the model without compression");
    }
    budget.spend(shape.size());
    return Literal.of(TensorType.real(shape), doubles(dataset.getDataFlat()));
  }

  private static Shape shape(int[] dims) {
    return Shape.of(Arrays.stream(dims).asLongStream().toArray());
  }

  private static double[] doubles(Object data) {
    if (data instanceof double[] numbers) {
      return numbers;
    }
    if (data instanceof float[] numbers) {
      double[] wide = new double[numbers.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = numbers[i];
      }
      return wide;
    }
    if (data instanceof int[] numbers) {
      return Arrays.stream(numbers).asDoubleStream().toArray();
    }
    if (data instanceof long[] numbers) {
      return Arrays.stream(numbers).asDoubleStream().toArray();
    }
    if (data instanceof Number number) {
      return new double[] {number.doubleValue()};
    }
    throw TangentsException.model(
        "its numbers are of %s; expected float16, float32, float64 or integers",
        data == null ? "no type" : data.getClass().getSimpleName());
  }

  /** The library trusts what it reads: a damaged file ends in whatever exception comes first. */
  private static <R> R guarded(String where, Supplier<R> read) {
    try {
      return read.get();
    } catch (TangentsException e) {
      throw e.within("HDF5, " + Text.shown(where));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw TangentsException.model(
              "HDF5, %s: damaged (%s: %s). Save the model again",
              Text.shown(where),
              e.getClass().getSimpleName(),
              Text.shown(String.valueOf(e.getMessage())))
          .causedBy(e);
    }
  }
}
