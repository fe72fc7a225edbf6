package dev.tangents.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelValue;
import dev.tangents.importer.Text;
import dev.tangents.ir.DType;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.shape.Reshape;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the graph of a network for one sample, layer by layer. A layer that cannot be read does
 * not stop the others: all of them are named in one message. Used once.
 */
final class NetworkReader {
  private static final int MOST_NAMED = 40;
  private static final long MOST_ELEMENTS = 1L << 28;

  private final KerasFile file;
  private final boolean logits;
  private final GraphBuilder graph = new GraphBuilder();
  private final Map<String, Literal> weights = new LinkedHashMap<>();
  private final Map<String, Variables> variables = new HashMap<>();
  private final List<String> failures = new ArrayList<>();
  private int layers;

  /**
   * A network.
   *
   * @param graph of one input [D] and one result [O]
   * @param weights its parameters
   * @param output the result as the file has it
   * @param layers how many layers were read
   */
  record Network(Graph graph, Weights weights, ModelValue output, int layers) {}

  NetworkReader(KerasFile file, ModelOutput wanted) {
    this.file = file;
    this.logits = wanted.equals(ModelOutput.LOGITS);
  }

  /**
   * Reads the network.
   *
   * @throws TangentsException of category MODEL naming everything that is not supported
   */
  Network read() {
    Topology topology = Topology.of(file.model());
    Shape sample = topology.inputShape();
    DType dtype = topology.takesTokens() ? DType.INT : DType.REAL;
    Value flat = graph.input("x", new TensorType(dtype, Shape.of(sample.size())));
    Value x = Reshape.reshape(flat, sample);
    Optional<Value> y =
        read(topology, new Scope(WeightStore.Place.root(), "", logits), List.of(Optional.of(x)));
    requireNoFailures();
    Value result = y.orElseThrow(() -> TangentsException.model("it has no layers"));
    Graph built = graph.build(Reshape.reshape(result, result.shape().size()));
    Graph smaller = new Simplify(new ReferenceFolder()).apply(built);
    weights.keySet().retainAll(smaller.parameters().stream().map(Node.Parameter::name).toList());
    return new Network(
        smaller,
        Weights.of(weights),
        ModelValue.of(topology.output().layer(), result.shape()),
        layers);
  }

  /**
   * The network that a layer is part of.
   *
   * @param place where its weights lie
   * @param prefix its name before those of its layers
   * @param plain whether the activation of its last layer is to be left out
   */
  private record Scope(WeightStore.Place place, String prefix, boolean plain) {}

  /** The network's output, or nothing if a layer on the way cannot be read. */
  private Optional<Value> read(Topology topology, Scope scope, List<Optional<Value>> inputs) {
    Map<CallNode.Tensor, Optional<Value>> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(topology.inputs().get(i), inputs.get(i));
    }
    for (CallNode node : topology.calls()) {
      List<Optional<Value>> operands = node.inputs().stream().map(values::get).toList();
      boolean last = node.result().equals(topology.output());
      values.put(node.result(), apply(topology, node, scope, operands, last && scope.plain()));
    }
    return values.getOrDefault(topology.output(), Optional.empty());
  }

  private Optional<Value> apply(
      Topology topology,
      CallNode node,
      Scope scope,
      List<Optional<Value>> operands,
      boolean plain) {
    JsonNode layer = topology.layers().get(node.layer());
    String type = layer.path("class_name").asText();
    String name = scope.prefix() + node.result().layer();
    try {
      WeightStore.Place place =
          scope.place().layer(node.result().layer(), topology.folder(node.layer()));
      requireKnown(layer);
      if (Topology.isNetwork(type)) {
        Topology inner = Topology.of(layer);
        inner.requireInputs(operands.size());
        return read(inner, new Scope(place, name + "/", plain), operands);
      }
      layers++;
      LayerTable.Entry entry =
          LayerTable.find(type)
              .orElseThrow(() -> TangentsException.model("this layer is not supported"));
      if (operands.stream().anyMatch(Optional::isEmpty)) {
        return Optional.empty();
      }
      graph.origin(Text.shown(name));
      Variables own = variables(place, name, layer.path("config"), entry);
      List<Value> values = operands.stream().map(Optional::orElseThrow).toList();
      Value y =
          entry
              .rule()
              .apply(
                  new LayerCall(
                      type,
                      layer.path("config"),
                      node.arguments(),
                      values,
                      own,
                      "",
                      file.major(),
                      plain));
      own.requireAllTaken();
      requireSmall(y.shape());
      return Optional.of(y);
    } catch (TangentsException e) {
      failures.add(
          "layer '%s' (%s): %s".formatted(Text.shown(name), Text.shown(type), e.getMessage()));
      return Optional.empty();
    }
  }

  /** Refuses what is not Keras's own: its code is not in the file. */
  static void requireKnown(JsonNode layer) {
    String module = layer.path("module").asText("keras");
    String registered = layer.path("registered_name").asText("");
    String type = layer.path("class_name").asText();
    if (module.contains(".ops")) {
      throw TangentsException.model(
          "an operation outside of any layer; expected layers alone. Write it as a layer, such as Add or"
              + " Multiply");
    }
    boolean own = module.equals("keras") || module.startsWith("keras.");
    boolean custom = registered.contains(">") || type.contains(">");
    if (!own || custom) {
      throw TangentsException.model(
          "a custom object%s, whose code is not in the file",
          registered.isEmpty() ? "" : " '" + Text.shown(registered) + "'");
    }
  }

  private Variables variables(
      WeightStore.Place place, String name, JsonNode config, LayerTable.Entry entry) {
    Variables known = variables.get(place.path());
    if (known == null) {
      List<Literal> arrays = file.weights().arrays(place, entry.parts());
      boolean trainable = config.path("trainable").asBoolean(true);
      known = new Variables(name, graph, arrays, trainable, weights);
      variables.put(place.path(), known);
    }
    return known;
  }

  private void requireNoFailures() {
    if (!failures.isEmpty()) {
      int named = Math.min(failures.size(), MOST_NAMED);
      throw TangentsException.model(
          "%d layers cannot be read:%s%s",
          failures.size(),
          "\n  " + String.join("\n  ", failures.subList(0, named)),
          named < failures.size() ? "\n  and " + (failures.size() - named) + " more" : "");
    }
  }

  private static void requireSmall(Shape shape) {
    if (shape.size() > MOST_ELEMENTS) {
      throw TangentsException.model("a value of shape %s has more than 2^28 elements", shape);
    }
  }
}
