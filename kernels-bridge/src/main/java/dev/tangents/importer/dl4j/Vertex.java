package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.importer.dl4j.Dl4jActivations.Unsupported;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.shape.Concat;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * A step of a network: what is made of its inputs, and the layer after it. In a chain each layer is
 * a vertex with one input.
 *
 * @param name its name; that of its parameters begins with it
 * @param inputs names of vertices before it, or {@link #INPUT}
 * @param merge makes one value of its inputs
 * @param layer the layer, for most merges the identity
 */
record Vertex(
    String name, List<String> inputs, Function<List<Value>, Value> merge, Dl4jLayer layer) {
  /** What stands for the network's input. */
  static final String INPUT = "";

  private static final String PACKAGE = "org.deeplearning4j.nn.conf.graph.";

  /** A layer over the value of one vertex. */
  static Vertex of(String name, String input, Dl4jLayer layer) {
    return new Vertex(name, List.of(input), values -> values.get(0), layer);
  }

  /** Whether a vertex of a graph holds a layer. */
  static boolean isLayer(JsonNode json) {
    return json.path("@class").asText().equals(PACKAGE + "LayerVertex");
  }

  /**
   * What a vertex without a layer makes of its inputs.
   *
   * @throws Unsupported if it is none that is known
   */
  static Function<List<Value>, Value> merge(JsonNode json, int inputs) throws Unsupported {
    String type = json.path("@class").asText();
    if (type.equals(PACKAGE + "MergeVertex")) {
      if (json.path("mergeAxis").asInt(1) != 1) {
        throw new Unsupported("MergeVertex along axis " + json.path("mergeAxis"));
      }
      return values -> Concat.concat(values, 0);
    }
    if (!type.equals(PACKAGE + "ElementWiseVertex")) {
      throw new Unsupported(Text.shown(type.isEmpty() ? "no '@class'" : type));
    }
    String op = json.path("op").asText();
    return switch (op) {
      case "Add" -> values -> fold(values, Add::add);
      case "Product" -> values -> fold(values, Mul::mul);
      case "Max" -> values -> fold(values, Max::max);
      case "Average" -> values -> Mul.scale(fold(values, Add::add), 1.0 / inputs);
      case "Subtract" -> {
        if (inputs != 2) {
          throw new Unsupported("ElementWiseVertex Subtract with " + inputs + " inputs");
        }
        yield values -> Sub.sub(values.get(0), values.get(1));
      }
      default -> throw new Unsupported("ElementWiseVertex with op " + Text.shown(op));
    };
  }

  private static Value fold(List<Value> values, BinaryOperator<Value> operation) {
    Value y = values.get(0);
    for (Value x : values.subList(1, values.size())) {
      if (!x.shape().equals(y.shape())) {
        throw TangentsException.model(
            "ElementWiseVertex: inputs of shapes %s and %s; expected one shape",
            y.shape(), x.shape());
      }
      y = operation.apply(y, x);
    }
    return y;
  }
}
