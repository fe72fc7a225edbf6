package dev.tangents.importer.onnx;

import dev.tangents.importer.Text;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an exporter did to the parameters of a network, where it shows. The tangent kernel of the
 * file is then not that of the module it was exported from: a batch normalisation that was
 * multiplied into a convolution has no scale to differentiate by.
 */
final class ExportNotes {
  private static final int MOST_NAMED = 3;

  private ExportNotes() {}

  /**
   * Sentences for people; none if nothing shows.
   *
   * @param weights the parameters
   * @param computed parameters that the exporter computed, among others that are none of f
   * @param doubtful initializers that are constants here and may have been trained
   */
  static List<String> of(Weights weights, Set<String> computed, Set<String> doubtful) {
    List<String> notes = new ArrayList<>();
    List<String> made = weights.names().stream().filter(computed::contains).toList();
    if (!made.isEmpty()) {
      notes.add(
          made.size()
              + " parameters were computed by the exporter, from folded batch normalisations,"
              + " transposed weights or reordered gates: "
              + named(made));
    }
    if (!doubtful.isEmpty()) {
      notes.add(
          "taken for constants, for the file does not say whether they were trained: "
              + named(List.copyOf(doubtful))
              + ". If they were, name them with --trained");
    }
    return notes;
  }

  private static String named(List<String> names) {
    String first =
        names.stream().limit(MOST_NAMED).map(Text::shown).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMED ? first + ", ..." : first;
  }
}
