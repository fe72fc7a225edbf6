package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.importer.Unrolling;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.nn.Recurrence;
import dev.tangents.op.nn.Recurrence.Cell;
import dev.tangents.op.nn.Recurrence.State;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Recurrent layers over one sample [T, D], written out step by step; T is fixed by the network's
 * input. H units, G gates.
 */
final class RecurrentLayers {
  private static final Map<String, Integer> GATES = Map.of("SimpleRNN", 1, "GRU", 3, "LSTM", 4);

  /** Columns of an LSTM's weights. */
  private static final Recurrence.LstmOrder ORDER = new Recurrence.LstmOrder(0, 1, 2, 3);

  private static final String FORWARD = "forward_";

  private RecurrentLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    for (String type : GATES.keySet()) {
      table.add(type, call -> shown(call, states(call)), List.of("cell"));
    }
    table.add(
        "Bidirectional",
        RecurrentLayers::bidirectional,
        List.of("forward_layer/cell", "backward_layer/cell"));
  }

  /** [T, H] of all states in the order given, or [H] of the last. */
  private static Value shown(LayerCall call, List<Value> states) {
    if (call.flag("return_sequences", false)) {
      return Concat.concat(states, 0);
    }
    Value last = states.get(states.size() - 1);
    return reshape(last, last.shape().dim(1));
  }

  /** The states [1, H] in the order in which they come about. */
  private static List<Value> states(LayerCall call) {
    for (String key : List.of("return_state", "stateful", "time_major")) {
      call.requireAbsent(key);
    }
    if (call.plain()) {
      throw TangentsException.model(
          "a recurrent layer has no value before its activation. Leave out --model-output logits");
    }
    Value x = call.input();
    if (x.shape().rank() != 2) {
      throw TangentsException.model(
          "its input is %s a sample; expected steps and features", x.shape());
    }
    long steps = x.shape().dim(0);
    long units = call.integer("units");
    Unrolling.requireRoom(x.builder(), steps);
    String cell = cellName(call.type());
    long columns = GATES.get(call.type()) * units;
    Value given = DenseLayers.product(x, call.trained(cell + "kernel", x.shape().dim(1), columns));
    Value recurrent =
        Transpose.transpose(call.trained(cell + "recurrent_kernel", units, columns), 1, 0);
    boolean resetAfter = call.type().equals("GRU") && call.flag("reset_after", true);
    Optional<Value> bias = bias(call, cell + "bias", resetAfter, columns);
    if (bias.isPresent()) {
      given = Add.add(given, Broadcast.leading(row(bias.get(), 0), given.shape()));
    }
    Value zeros = x.builder().splat(Shape.of(1, units), 0);
    Cell step = resetAfter ? resetAfter(call, recurrent, bias) : cell(call, recurrent);
    State start = new State(zeros, zeros);
    boolean backwards = call.flag("go_backwards", false);
    List<State> all =
        backwards
            ? Recurrence.backward(given, steps, start, step)
            : Recurrence.forward(given, steps, start, step);
    List<Value> hidden = new ArrayList<>(all.stream().map(State::hidden).toList());
    if (backwards) {
      Collections.reverse(hidden);
    }
    return hidden;
  }

  /** What Keras puts before the names of the variables: {@code simple_rnn_cell/}. */
  private static String cellName(String type) {
    return (type.equals("SimpleRNN") ? "simple_rnn" : type.toLowerCase(Locale.ROOT)) + "_cell/";
  }

  /** [rows, G H]: one row, or two where the second is added to what the state gives. */
  private static Optional<Value> bias(LayerCall call, String name, boolean two, long columns) {
    if (!call.flag("use_bias", true)) {
      return Optional.empty();
    }
    return Optional.of(
        two ? call.trained(name, 2, columns) : reshape(call.trained(name, columns), 1, columns));
  }

  private static Value row(Value matrix, long row) {
    return reshape(Slice.slice(matrix, 0, row, row + 1), matrix.shape().dim(1));
  }

  private static Cell resetAfter(LayerCall call, Value recurrent, Optional<Value> bias) {
    long columns = recurrent.shape().dim(0);
    Value ofState =
        bias.map(both -> Slice.slice(both, 0, 1, 2))
            .orElseGet(() -> recurrent.builder().splat(Shape.of(1, columns), 0));
    return Recurrence.gruResetAfter(recurrent, ofState, gate(call), activation(call));
  }

  private static Cell cell(LayerCall call, Value recurrent) {
    return switch (call.type()) {
      case "SimpleRNN" -> Recurrence.simple(recurrent, activation(call));
      case "GRU" -> Recurrence.gru(recurrent, gate(call), activation(call));
      default ->
          Recurrence.lstm(
              recurrent,
              ORDER,
              new Recurrence.LstmFunctions(gate(call), activation(call), activation(call)),
              Optional.empty());
    };
  }

  private static UnaryOperator<Value> activation(LayerCall call) {
    return KerasActivations.of(call.config().path("activation"), call.major());
  }

  private static UnaryOperator<Value> gate(LayerCall call) {
    return KerasActivations.of(call.config().path("recurrent_activation"), call.major());
  }

  /**
   * Both ways, put together step by step. Keras 2 writes the layer as it was before it was given
   * two ways, and often no other for the way back.
   */
  private static Value bidirectional(LayerCall call) {
    JsonNode given = call.config().path("layer");
    String name = given.path("config").path("name").asText();
    LayerCall forward = way(call, given, name.startsWith(FORWARD) ? name : FORWARD + name);
    JsonNode other = call.config().path("backward_layer");
    LayerCall backward =
        call.has("backward_layer")
            ? way(call, other, other.path("config").path("name").asText())
            : way(call, turned(given), "backward_" + name.replaceFirst("^" + FORWARD, ""));
    if (forward.flag("go_backwards", false) || !backward.flag("go_backwards", false)) {
      throw TangentsException.model(
          "its ways do not run forward and backward: setting 'go_backwards' is not false and true");
    }
    List<Value> ahead = states(forward);
    List<Value> back = new ArrayList<>(states(backward));
    if (forward.flag("return_sequences", false)) {
      Collections.reverse(back); // as the steps lie
    }
    return merged(call, shown(forward, ahead), shown(backward, back));
  }

  private static JsonNode turned(JsonNode layer) {
    JsonNode copy = layer.deepCopy();
    if (copy.path("config") instanceof ObjectNode config) {
      config.put("go_backwards", !config.path("go_backwards").asBoolean());
    }
    return copy;
  }

  private static LayerCall way(LayerCall call, JsonNode layer, String name) {
    String type = layer.path("class_name").asText();
    if (!GATES.containsKey(type)) {
      throw TangentsException.model(
          "layer %s for a way is not supported; expected one of %s",
          Text.shown(type), GATES.keySet().stream().sorted().toList());
    }
    return call.inner(layer, name);
  }

  private static Value merged(LayerCall call, Value forward, Value backward) {
    String mode = call.config().path("merge_mode").asText("concat");
    return switch (mode) {
      case "concat" -> Concat.concat(List.of(forward, backward), forward.shape().rank() - 1);
      case "sum" -> Add.add(forward, backward);
      case "mul" -> Mul.mul(forward, backward);
      case "ave" -> Mul.scale(Add.add(forward, backward), 0.5);
      default ->
          throw TangentsException.model(
              "setting 'merge_mode' is %s; expected concat, sum, mul or ave", Text.shown(mode));
    };
  }
}
