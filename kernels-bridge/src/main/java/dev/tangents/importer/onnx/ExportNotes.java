package dev.tangents.importer.onnx;

import dev.tangents.importer.Text;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an exporter did to the parameters of a network, where it shows. The tangent kernel of the
 * file is then not that of the module it was exported from: a batch normalisation that was
 * multiplied into a convolution has no scale to differentiate by, and a tied weight that was copied
 * counts twice.
 */
final class ExportNotes {
  /** Names that PyTorch's exporters give to weights that they computed anew. */
  private static final Pattern MADE = Pattern.compile("onnx::\\w+|val_\\d+");

  private static final int MOST_NAMED = 3;

  private ExportNotes() {}

  /** Sentences for people; none if nothing shows. */
  static List<String> of(Weights weights) {
    List<String> notes = new ArrayList<>();
    List<String> made = weights.names().stream().filter(n -> MADE.matcher(n).matches()).toList();
    if (!made.isEmpty()) {
      notes.add(
          made.size()
              + " parameters were computed by the exporter, from folded batch normalisations or"
              + " transposed weights: "
              + named(made));
    }
    List<String> equal = equal(weights);
    if (!equal.isEmpty()) {
      notes.add("equal parameters, perhaps copies of a tied one: " + named(equal));
    }
    return notes;
  }

  private static List<String> equal(Weights weights) {
    Map<Literal, String> seen = new HashMap<>();
    List<String> pairs = new ArrayList<>();
    for (String name : weights.names()) {
      Literal literal = weights.get(name);
      if (literal.isSplat()) {
        continue; // Zeros and ones are equal in any untrained network.
      }
      String twin = seen.getOrDefault(literal, seen.get(transposed(literal)));
      if (twin != null) {
        pairs.add(twin + " = " + name);
      }
      seen.putIfAbsent(literal, name);
    }
    return pairs;
  }

  private static Literal transposed(Literal literal) {
    Shape shape = literal.type().shape();
    if (shape.rank() != 2) {
      return literal;
    }
    int rows = (int) shape.dim(0);
    int columns = (int) shape.dim(1);
    double[] values = literal.toArray();
    double[] moved = new double[values.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = values[i % rows * columns + i / rows];
    }
    return Literal.of(literal.type().withShape(Shape.of(columns, rows)), moved);
  }

  private static String named(List<String> names) {
    String first =
        names.stream().limit(MOST_NAMED).map(Text::shown).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMED ? first + ", ..." : first;
  }
}
