package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.TensorShapeProto.Dimension;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the batch axis of an input or output among the axes that the file declares. */
final class BatchAxis {
  private BatchAxis() {}

  /**
   * The index of the axis that a user means.
   *
   * @param axis an index, or the name that the file gives to an open axis
   * @throws TangentsException of category USER if there is no such axis
   */
  static int index(ValueInfoProto value, String axis) {
    List<Dimension> dims = dims(value);
    boolean number = axis.length() < 3 && axis.chars().allMatch(c -> c >= '0' && c <= '9');
    if (number && dims.isEmpty()) {
      return Integer.parseInt(axis); // an output need not declare its shape
    }
    int index =
        number
            ? Integer.parseInt(axis)
            : IntStream.range(0, dims.size())
                .filter(i -> dims.get(i).getDimParam().equals(axis))
                .findFirst()
                .orElse(dims.size());
    if (index >= dims.size()) {
      throw TangentsException.user(
          "batch-axis: '%s' has no axis %s; its axes are %s",
          Text.shown(value.getName()), axis, shown(dims));
    }
    return index;
  }

  /**
   * The batch axis of an output of which nothing was said: the one that the file names as that of
   * an input, else the first.
   *
   * @param batchNames names of the inputs' batch axes
   */
  static int ofOutput(ValueInfoProto output, Set<String> batchNames) {
    List<Dimension> dims = dims(output);
    return IntStream.range(0, dims.size())
        .filter(i -> batchNames.contains(dims.get(i).getDimParam()))
        .findFirst()
        .orElse(0);
  }

  /** The axes that the file declares. */
  static List<Dimension> dims(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList();
  }

  private static String shown(List<Dimension> dims) {
    return dims.stream()
        .map(
            dim ->
                dim.hasDimValue()
                    ? Long.toString(dim.getDimValue())
                    : "'" + Text.shown(dim.getDimParam()) + "'")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
