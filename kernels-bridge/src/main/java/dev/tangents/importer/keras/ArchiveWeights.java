package dev.tangents.importer.keras;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Literal;
import java.util.ArrayList;
import java.util.List;

/**
 * The arrays of a {@code .keras} file: {@code layers/dense_1/vars/0}, where the group is numbered
 * by type and position and not by the layer's name, which stands in an attribute.
 */
record ArchiveWeights(Hdf5 file) implements WeightStore {
  @Override
  public List<Literal> arrays(Place place, List<String> parts) {
    List<Literal> arrays = new ArrayList<>();
    for (String part : parts) {
      String group = place.path() + (part.isEmpty() ? "" : part + "/") + "vars";
      if (part.isEmpty()) {
        requireName(place, group);
      }
      for (int i = 0; file.has(group + "/" + i); i++) {
        arrays.add(file.numbers(group + "/" + i));
      }
    }
    return arrays;
  }

  private void requireName(Place place, String group) {
    String stored = file.text(group, "name").orElse(place.name());
    if (!stored.equals(place.name())) {
      throw TangentsException.model(
          "the weights at '%s' are those of layer '%s', expected '%s'. The file was edited",
          Text.shown(group), Text.shown(stored), Text.shown(place.name()));
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
