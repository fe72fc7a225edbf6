package dev.tangents.importer.onnx;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.importer.Unrolling;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.nn.Recurrence;
import dev.tangents.op.nn.Recurrence.Cell;
import dev.tangents.op.nn.Recurrence.State;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Recurrent layers, unrolled over the length of the sequence, which is fixed when the file is read.
 * Operands are X [T, N, D], W [ways, G H, D], R [ways, G H, H], B [ways, 2 G H], lengths [N], the
 * states before the first step [ways, N, H], and an LSTM's peepholes [ways, 3 H].
 */
final class RecurrentOps {
  private static final Kind RNN = new Kind("RNN", 1, List.of("Tanh"));
  private static final Kind GRU = new Kind("GRU", 3, List.of("Sigmoid", "Tanh"));
  private static final Kind LSTM = new Kind("LSTM", 4, List.of("Sigmoid", "Tanh", "Tanh"));

  /** Rows of an LSTM's weights. */
  private static final Recurrence.LstmOrder ORDER = new Recurrence.LstmOrder(0, 2, 3, 1);

  private static final Map<String, UnaryOperator<Value>> ACTIVATIONS =
      Map.of(
          "relu", Relu::relu,
          "sigmoid", Sigmoid::sigmoid,
          "softplus", Softplus::softplus,
          "softsign", x -> Div.div(x, Add.shift(Abs.abs(x), 1)),
          "tanh", Tanh::tanh);

  private final NodeCall call;
  private final Kind kind;

  /** X as [T, N, D]. */
  private final Value x;

  /** Whether the batch is the first axis of X and of the states. */
  private final boolean batchFirst;

  private final long steps;
  private final long batch;
  private final long units;
  private final int ways;

  /**
   * One of the three operators.
   *
   * @param operator its name
   * @param gates G
   * @param activations what it applies unless the node says otherwise
   */
  private record Kind(String operator, long gates, List<String> activations) {}

  private RecurrentOps(NodeCall call, Kind kind) {
    this.call = call;
    this.kind = kind;
    refuseAttributes(call);
    this.batchFirst = call.integer("layout", 0) != 0;
    this.ways = call.text("direction", "forward").equals("bidirectional") ? 2 : 1;
    requireRank(0, "X", 3);
    requireRank(2, "R", 3);
    this.x = batchFirst ? Transpose.transpose(call.value(0), 1, 0, 2) : call.value(0);
    this.steps = x.shape().dim(0);
    this.batch = x.shape().dim(1);
    this.units = call.value(2).shape().dim(2);
    requireShapes();
    requireFullLengths();
    Unrolling.requireRoom(call.builder(), steps * ways);
  }

  /** Adds this family's rules. */
  static void register(OpTable table) {
    for (Kind kind : List.of(RNN, GRU, LSTM)) {
      table.add(kind.operator(), call -> new RecurrentOps(call, kind).results());
    }
  }

  private static void refuseAttributes(NodeCall call) {
    for (String name : List.of("clip", "activation_alpha", "activation_beta")) {
      if (call.hasAttribute(name)) {
        throw TangentsException.model("attribute '%s' is not supported; expected none", name);
      }
    }
    if (call.integer("input_forget", 0) != 0) {
      throw TangentsException.model(
          "attribute 'input_forget' couples the gates, which is not supported; expected 0");
    }
    String direction = call.text("direction", "forward");
    if (!List.of("forward", "reverse", "bidirectional").contains(direction)) {
      throw TangentsException.model(
          "attribute 'direction' is '%s'; expected 'forward', 'reverse' or 'bidirectional'",
          Text.shown(direction));
    }
  }

  private void requireRank(int operand, String name, int rank) {
    Shape shape = call.value(operand).shape();
    if (shape.rank() != rank) {
      throw TangentsException.model("%s: expected %d axes, got %s", name, rank, shape);
    }
  }

  private void requireShapes() {
    long rows = kind.gates() * units;
    Shape state = batchFirst ? Shape.of(batch, ways, units) : Shape.of(ways, batch, units);
    require(1, "W", Shape.of(ways, rows, x.shape().dim(2)));
    require(2, "R", Shape.of(ways, rows, units));
    require(3, "B", Shape.of(ways, 2 * rows));
    require(5, "initial_h", state);
    require(6, "initial_c", state);
    require(7, "P", Shape.of(ways, 3 * units));
    long declared = call.integer("hidden_size", units);
    if (declared != units || units < 1 || steps < 1) {
      throw TangentsException.model(
          "hidden_size %d, R of %d units, %d steps; expected equal sizes, and at least 1 of each",
          declared, units, steps);
    }
  }

  private void require(int operand, String name, Shape expected) {
    if (call.has(operand) && !call.value(operand).shape().equals(expected)) {
      throw TangentsException.model(
          "%s: expected shape %s, got %s", name, expected, call.value(operand).shape());
    }
  }

  private void requireFullLengths() {
    if (call.has(4)) {
      for (long length : call.integers(4)) {
        if (length != steps) {
          throw TangentsException.model(
              "sequence_lens: %d of %d steps; sequences are supported at their full length alone",
              length, steps);
        }
      }
    }
  }

  /** Y [T, ways, N, H], and the states after the last step of each way [ways, N, H]. */
  private List<Tensor> results() {
    List<List<State>> all = new ArrayList<>();
    List<Value> hidden = new ArrayList<>();
    List<Value> memory = new ArrayList<>();
    for (int way = 0; way < ways; way++) {
      List<State> states = states(way);
      all.add(states);
      State last = states.get(isBackward(way) ? 0 : states.size() - 1);
      hidden.add(last.hidden());
      memory.add(last.memory());
    }
    List<Value> shown = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      for (List<State> states : all) {
        shown.add(states.get(step).hidden());
      }
    }
    Value y = reshape(Concat.concat(shown, 0), steps, ways, batch, units);
    Tensor input = call.tensor(0);
    return List.of(
        input.with(batchFirst ? Transpose.transpose(y, 2, 0, 1, 3) : y),
        input.with(ends(hidden)),
        input.with(ends(memory)));
  }

  private Value ends(List<Value> states) {
    Value joined = reshape(Concat.concat(states, 0), ways, batch, units);
    return batchFirst ? Transpose.transpose(joined, 1, 0, 2) : joined;
  }

  private boolean isBackward(int way) {
    return way == 1 || call.text("direction", "forward").equals("reverse");
  }

  private List<State> states(int way) {
    Value sequence = reshape(x, steps * batch, x.shape().dim(2));
    Value given = matMulTransposed(sequence, ofWay(1, way));
    Optional<Value> inputBias = bias(way, 0);
    Optional<Value> recurrentBias = bias(way, 1);
    boolean resetAfter = kind.equals(GRU) && call.integer("linear_before_reset", 0) != 0;
    if (inputBias.isPresent()) {
      Value sum = resetAfter ? inputBias.get() : add(inputBias.get(), recurrentBias.orElseThrow());
      given = add(given, repeated(sum, steps * batch));
    }
    Cell cell = resetAfter ? resetAfter(way, recurrentBias) : cell(way);
    State start = new State(initial(5, way), initial(6, way));
    return isBackward(way)
        ? Recurrence.backward(given, steps, start, cell)
        : Recurrence.forward(given, steps, start, cell);
  }

  private Cell resetAfter(int way, Optional<Value> bias) {
    Value repeated =
        bias.map(b -> repeated(b, batch))
            .orElseGet(() -> call.builder().splat(Shape.of(batch, 3 * units), 0));
    return Recurrence.gruResetAfter(
        ofWay(2, way), repeated, activation(way, 0), activation(way, 1));
  }

  private Cell cell(int way) {
    Value recurrent = ofWay(2, way);
    if (kind.equals(RNN)) {
      return Recurrence.simple(recurrent, activation(way, 0));
    }
    if (kind.equals(GRU)) {
      return Recurrence.gru(recurrent, activation(way, 0), activation(way, 1));
    }
    return Recurrence.lstm(
        recurrent,
        ORDER,
        new Recurrence.LstmFunctions(activation(way, 0), activation(way, 1), activation(way, 2)),
        peepholes(way));
  }

  private Optional<Recurrence.Peepholes> peepholes(int way) {
    if (!call.has(7)) {
      return Optional.empty();
    }
    Value all = ofWay(7, way);
    return Optional.of(
        new Recurrence.Peepholes(
            repeated(part(all, 0, 3), batch),
            repeated(part(all, 1, 3), batch),
            repeated(part(all, 2, 3), batch)));
  }

  /** Half 0 of the biases, which is added to X W^T, or half 1, which is added to H R^T. */
  private Optional<Value> bias(int way, int half) {
    return call.has(3) ? Optional.of(part(ofWay(3, way), half, 2)) : Optional.empty();
  }

  private static Value part(Value vector, int index, int count) {
    long size = vector.shape().dim(0) / count;
    return Slice.slice(vector, 0, index * size, (index + 1) * size);
  }

  private static Value repeated(Value vector, long rows) {
    return Broadcast.broadcast(vector, Shape.of(rows, vector.shape().dim(0)), List.of(1));
  }

  /** Operand {@code index} of one way, without the axis of the ways. */
  private Value ofWay(int index, int way) {
    Value part = Slice.slice(call.value(index), 0, way, way + 1);
    return reshape(part, part.shape().remove(0));
  }

  private Value initial(int index, int way) {
    if (!call.has(index)) {
      return call.builder().splat(Shape.of(batch, units), 0);
    }
    Value part = Slice.slice(call.value(index), batchFirst ? 1 : 0, way, way + 1);
    return reshape(part, batch, units);
  }

  private UnaryOperator<Value> activation(int way, int index) {
    int count = kind.activations().size();
    List<String> names = call.texts("activations").orElse(List.of());
    if (!names.isEmpty() && names.size() != ways * count) {
      throw TangentsException.model(
          "attribute 'activations' has %d names; expected %d", names.size(), ways * count);
    }
    String name = names.isEmpty() ? kind.activations().get(index) : names.get(way * count + index);
    UnaryOperator<Value> function = ACTIVATIONS.get(name.toLowerCase(Locale.ROOT));
    if (function == null) {
      throw TangentsException.model(
          "attribute 'activations' names '%s'; expected Relu, Sigmoid, Softplus, Softsign or Tanh",
          Text.shown(name));
    }
    return function;
  }
}
