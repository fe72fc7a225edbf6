package dev.tangents.importer.keras;

import dev.tangents.ir.Literal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arrays of a whole-model {@code .h5} file: a group for each layer of the outermost network,
 * whose attribute {@code weight_names} lists them. Long lists are cut into {@code weight_names0},
 * {@code weight_names1} and so on.
 */
record LegacyWeights(Hdf5 file) implements WeightStore {
  private static final String ROOT = "model_weights";

  @Override
  public List<Literal> arrays(Place place, List<String> parts) {
    if (parts.isEmpty()) {
      return List.of();
    }
    String group = ROOT + "/" + place.top();
    List<Literal> arrays = new ArrayList<>();
    for (String name : names(group)) {
      if (place.top().equals(place.name()) || isOf(place.name(), name)) {
        arrays.add(file.numbers(group + "/" + name));
      }
    }
    return arrays;
  }

  private List<String> names(String group) {
    List<String> names = new ArrayList<>(file.texts(group, "weight_names"));
    for (int i = 0; names.isEmpty() || i > 0; i++) {
      List<String> more = file.texts(group, "weight_names" + i);
      if (more.isEmpty()) {
        break;
      }
      names.addAll(more);
    }
    return names;
  }

  /** Whether {@code weight}, such as {@code sequential/dense_1/kernel:0}, is of the layer. */
  private static boolean isOf(String layer, String weight) {
    String[] path = weight.split("/", -1);
    return Arrays.asList(path).subList(0, path.length - 1).contains(layer);
  }

  @Override
  public void close() {
    file.close();
  }
}
