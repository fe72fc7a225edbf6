package dev.tangents.importer.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ActivationTable;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelValue;
import dev.tangents.importer.Text;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds the graph of one file: input, parameters and constants first, then the nodes in order. A
 * list of layers is the same with each layer's first operand understood. Used once.
 */
final class NetworkReader {
  private static final String FORMAT = "tangents-network";
  private static final int MOST_NODES = 100_000;
  private static final long MOST_ELEMENTS = 1L << 28;

  private final TensorReader tensors;
  private final ModelOutput wanted;
  private final GraphBuilder graph = new GraphBuilder();
  private final Map<String, Value> scope = new LinkedHashMap<>();
  private final Map<String, Literal> weights = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Map<String, String> beforeActivation = new LinkedHashMap<>();

  NetworkReader(TensorReader tensors, ModelOutput wanted) {
    this.tensors = tensors;
    this.wanted = wanted;
  }

  /**
   * The model of a whole file.
   *
   * @throws TangentsException of category MODEL naming the part that is wrong
   */
  Model read(Attributes json, String description) {
    requireFormat(json);
    String input = readInput(new Attributes(json.object("input")));
    readTensors(json.object("parameters"), true);
    readTensors(json.object("constants"), false);
    boolean layered = json.find("layers").isPresent();
    if (layered == json.find("nodes").isPresent()) {
      throw TangentsException.model("expected exactly one of the fields 'layers' and 'nodes'");
    }
    String last = layered ? readLayers(json, input) : readNodes(json);
    String output = layered ? last : json.optionalText("output").orElse(last);
    json.requireNoOthers();
    String name = wanted.equals(ModelOutput.LOGITS) ? logits(output) : output;
    Value result = lookUp(name);
    requireAllUsed();
    return new Model(graph.build(result), Weights.of(weights), description, tensors.sha256())
        .withOutput(ModelValue.of(name, result.shape()));
  }

  private static void requireFormat(Attributes json) {
    String format = json.optionalText("format").orElse("");
    long version = json.find("version").isPresent() ? json.integer("version") : 0;
    if (!format.equals(FORMAT) || version != 1) {
      throw TangentsException.model(
          "format '%s', version %d; expected \"format\": \"%s\", \"version\": 1",
          Text.shown(format), version, FORMAT);
    }
  }

  private String readInput(Attributes input) {
    try {
      String name = input.optionalText("name").orElse("x");
      define(name, graph.input(name, TensorType.real(input.shape("shape"))));
      input.requireNoOthers();
      return name;
    } catch (TangentsException e) {
      throw e.within("input");
    }
  }

  private void readTensors(JsonNode object, boolean trained) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String name = entry.getKey();
      try {
        Literal literal = tensors.read(new Attributes(entry.getValue()));
        if (trained) {
          requireNew(name);
          weights.put(name, literal);
          define(name, graph.parameter(name, literal.type()));
        } else {
          Weights.of(Map.of(name, literal)); // checks that every number is finite
          define(name, graph.constant(literal));
        }
      } catch (TangentsException e) {
        throw e.within((trained ? "parameter '" : "constant '") + Text.shown(name) + "'");
      }
    }
  }

  private String readLayers(Attributes json, String input) {
    JsonNode layers = json.array("layers", MOST_NODES);
    String previous = input;
    for (int i = 0; i < layers.size(); i++) {
      Attributes layer = new Attributes(layers.get(i));
      String name = layer.optionalText("name").orElse("layer" + i);
      List<String> operands = new ArrayList<>(List.of(previous));
      try {
        if (layer.optionalText("op").orElse("").equals("dense")) {
          operands.add(layer.text("weight"));
          layer.optionalText("bias").ifPresent(operands::add);
        } else if (layer.find("with").isPresent()) {
          operands.addAll(layer.texts("with"));
        }
      } catch (TangentsException e) {
        throw e.within("layer '" + Text.shown(name) + "'");
      }
      readNode("layer", name, operands, layer);
      previous = name;
    }
    return previous;
  }

  private String readNodes(Attributes json) {
    JsonNode nodes = json.array("nodes", MOST_NODES);
    String last = "";
    for (int i = 0; i < nodes.size(); i++) {
      Attributes node = new Attributes(nodes.get(i));
      List<String> operands;
      try {
        last = node.text("name");
        operands = node.texts("inputs");
      } catch (TangentsException e) {
        throw e.within("node " + i);
      }
      readNode("node", last, operands, node);
    }
    return last;
  }

  private void readNode(String kind, String name, List<String> operands, Attributes node) {
    try {
      String op = node.text("op");
      graph.origin(name);
      Value value;
      try {
        value = OpTable.apply(op, operands.stream().map(this::lookUp).toList(), node);
      } catch (TangentsException e) {
        throw e.within("op '" + Text.shown(op) + "'");
      }
      node.requireNoOthers();
      if (value.shape().size() > MOST_ELEMENTS) {
        throw TangentsException.model(
            "a value of shape %s has more than 2^28 elements", value.shape());
      }
      if (ActivationTable.find(op).isPresent()) {
        beforeActivation.put(name, operands.get(0));
      }
      define(name, value);
    } catch (TangentsException e) {
      throw e.within(kind + " '" + Text.shown(name) + "'");
    }
  }

  private String logits(String output) {
    return beforeActivation.getOrDefault(output, output);
  }

  private Value lookUp(String name) {
    Value value = scope.get(name);
    if (value == null) {
      throw TangentsException.model(
          "no value '%s' before it; known are %s",
          Text.shown(name), Text.shown(String.join(", ", scope.keySet())));
    }
    used.add(name);
    return value;
  }

  private void define(String name, Value value) {
    requireNew(name);
    scope.put(name, value);
  }

  private void requireNew(String name) {
    if (scope.containsKey(name) || name.isBlank()) {
      throw TangentsException.model(
          "the name '%s' is %s; every input, parameter, constant and node needs its own",
          Text.shown(name), name.isBlank() ? "blank" : "taken");
    }
  }

  /** A parameter that nothing uses has a zero gradient: almost always a misspelt name. */
  private void requireAllUsed() {
    List<String> unused = weights.keySet().stream().filter(name -> !used.contains(name)).toList();
    if (!unused.isEmpty()) {
      throw TangentsException.model(
          "parameters %s are used by no node; remove them or move them to 'constants'",
          Text.shown(String.join(", ", unused)));
    }
  }
}
