package dev.tangents.importer.keras;

import dev.tangents.ir.Literal;
import java.util.List;

/** The arrays of a network's layers, as one of the two formats of Keras keeps them. */
interface WeightStore extends AutoCloseable {
  /**
   * The arrays of a layer, in the order in which Keras lists the layer's variables.
   *
   * @param parts attributes of the layer whose arrays are meant, such as {@code query_dense}; empty
   *     for the layer's own
   */
  List<Literal> arrays(Place place, List<String> parts);

  @Override
  void close();

  /**
   * Where a layer stands.
   *
   * @param top name of the layer of the outermost network that it is or is part of
   * @param name its own name
   * @param path group of the Keras 3 format
   */
  record Place(String top, String name, String path) {
    /** The network itself. */
    static Place root() {
      return new Place("", "", "");
    }

    /** The layer {@code name} of the network at this place, in the group {@code folder}. */
    Place layer(String name, String folder) {
      return new Place(top.isEmpty() ? name : top, name, path + "layers/" + folder + "/");
    }
  }
}
