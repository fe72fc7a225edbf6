package dev.tangents.op.nn;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sub.sub;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;

import dev.tangents.ir.Value;
import dev.tangents.op.shape.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Recurrent layers, written out step by step: their derivatives are those of the steps. Letters: T
 * steps, N sequences, H units, G gates of a cell; states are [N, H].
 */
public final class Recurrence {
  private Recurrence() {}

  /**
   * What a layer hands from one step to the next.
   *
   * @param hidden what it shows as well, [N, H]
   * @param memory what an LSTM keeps to itself, [N, H]; of other cells nobody reads it
   */
  public record State(Value hidden, Value memory) {}

  /** One step of a layer. */
  @FunctionalInterface
  public interface Cell {
    /**
     * The state after the step.
     *
     * @param x what the step's input gives to all gates, biases added, [N, G H]
     */
    State step(Value x, State before);
  }

  /** h' = f(x + h R^T), with R [H, H]; Elman, Finding Structure in Time, 1990. */
  public static Cell simple(Value recurrent, UnaryOperator<Value> activation) {
    return (x, before) -> {
      Value h = activation.apply(add(x, matMulTransposed(before.hidden(), recurrent)));
      return new State(h, h);
    };
  }

  /**
   * Functions of the cell of an LSTM.
   *
   * @param gate of the input, output and forget gates
   * @param input of the new memory
   * @param output of the memory that is shown
   */
  public record LstmFunctions(
      UnaryOperator<Value> gate, UnaryOperator<Value> input, UnaryOperator<Value> output) {}

  /**
   * Weights by which the memory enters the gates, each [N, H]: Gers, Schraudolph, 2000.
   *
   * @param input of the memory before the step
   * @param output of the memory after the step
   * @param forget of the memory before the step
   */
  public record Peepholes(Value input, Value output, Value forget) {}

  /**
   * Where the weights of an LSTM have the rows of its gates: a place from 0 to 3 for each.
   *
   * @param input of what is written
   * @param forget of what is kept
   * @param memory of the new memory
   * @param output of what is shown
   */
  public record LstmOrder(int input, int forget, int memory, int output) {}

  /**
   * c' = forget c + input g(x_c), h' = output h(c'); Hochreiter, Schmidhuber, 1997.
   *
   * @param recurrent [4 H, H]
   * @param order of its rows, and of the columns of what the inputs give
   */
  public static Cell lstm(
      Value recurrent, LstmOrder order, LstmFunctions functions, Optional<Peepholes> peepholes) {
    return (x, before) -> {
      Value c = before.memory();
      List<Value> z = gates(add(x, matMulTransposed(before.hidden(), recurrent)), 4);
      Value zIn = z.get(order.input());
      Value zForget = z.get(order.forget());
      Value zOut = z.get(order.output());
      Value in = functions.gate().apply(seen(zIn, c, peepholes.map(Peepholes::input)));
      Value forget = functions.gate().apply(seen(zForget, c, peepholes.map(Peepholes::forget)));
      Value fresh = functions.input().apply(z.get(order.memory()));
      Value memory = add(mul(forget, c), mul(in, fresh));
      Value out = functions.gate().apply(seen(zOut, memory, peepholes.map(Peepholes::output)));
      return new State(mul(out, functions.output().apply(memory)), memory);
    };
  }

  private static Value seen(Value gate, Value memory, Optional<Value> weight) {
    return weight.map(w -> add(gate, mul(w, memory))).orElse(gate);
  }

  /**
   * h' = (1 - z) n + z h with n = g(x_n + (r h) R_n^T): Cho et al., 2014, eqs. 5 to 8, with z for 1
   * - z.
   *
   * @param recurrent [3 H, H], rows of the gates update (z) and reset (r) and of the new state (n)
   * @param gate function of the two gates
   * @param input function of the new state
   */
  public static Cell gru(Value recurrent, UnaryOperator<Value> gate, UnaryOperator<Value> input) {
    long units = recurrent.shape().dim(1);
    Value ofGates = Slice.slice(recurrent, 0, 0, 2 * units);
    Value ofState = Slice.slice(recurrent, 0, 2 * units, 3 * units);
    return (x, before) -> {
      Value h = before.hidden();
      Value both = Slice.slice(x, 1, 0, 2 * units);
      List<Value> z = gates(add(both, matMulTransposed(h, ofGates)), 2);
      Value update = gate.apply(z.get(0));
      Value kept = matMulTransposed(mul(gate.apply(z.get(1)), h), ofState);
      Value n = input.apply(add(Slice.slice(x, 1, 2 * units, 3 * units), kept));
      return mixed(update, h, n);
    };
  }

  /**
   * The same with n = g(x_n + r (h R_n^T + b_n)), as cuDNN, PyTorch and Keras have it.
   *
   * @param recurrent [3 H, H], rows of update, reset and new state
   * @param bias added to h R^T, [N, 3 H]
   */
  public static Cell gruResetAfter(
      Value recurrent, Value bias, UnaryOperator<Value> gate, UnaryOperator<Value> input) {
    return (x, before) -> {
      Value h = before.hidden();
      List<Value> ofState = gates(add(matMulTransposed(h, recurrent), bias), 3);
      List<Value> ofInput = gates(x, 3);
      Value update = gate.apply(add(ofInput.get(0), ofState.get(0)));
      Value reset = gate.apply(add(ofInput.get(1), ofState.get(1)));
      Value n = input.apply(add(ofInput.get(2), mul(reset, ofState.get(2))));
      return mixed(update, h, n);
    };
  }

  private static State mixed(Value update, Value before, Value next) {
    Value h = add(next, mul(update, sub(before, next)));
    return new State(h, h);
  }

  /**
   * The states after each step, by the step's place in the sequence.
   *
   * @param x what the inputs give to all gates, [T N, G H], step by step
   * @param steps T
   * @param start the state before the first step taken
   */
  public static List<State> forward(Value x, long steps, State start, Cell cell) {
    return states(rows(x, steps), start, cell);
  }

  /** The same from the last step to the first. */
  public static List<State> backward(Value x, long steps, State start, Cell cell) {
    List<Value> rows = rows(x, steps);
    Collections.reverse(rows);
    List<State> states = states(rows, start, cell);
    Collections.reverse(states);
    return states;
  }

  private static List<State> states(List<Value> x, State start, Cell cell) {
    List<State> states = new ArrayList<>();
    State state = start;
    for (Value step : x) {
      state = cell.step(step, state);
      states.add(state);
    }
    return states;
  }

  private static List<Value> rows(Value x, long steps) {
    List<Value> rows = new ArrayList<>();
    halve(x, steps, rows);
    return rows;
  }

  /**
   * Cuts by halves: the reverse pass pads each part's cotangent to the length of what it was cut
   * from, which for parts of the whole would be T^2 rows and so is T log T.
   */
  private static void halve(Value x, long steps, List<Value> rows) {
    if (steps == 1) {
      rows.add(x);
      return;
    }
    long half = steps / 2;
    long each = x.shape().dim(0) / steps;
    halve(Slice.slice(x, 0, 0, half * each), half, rows);
    halve(Slice.slice(x, 0, half * each, steps * each), steps - half, rows);
  }

  private static List<Value> gates(Value x, int count) {
    long units = x.shape().dim(1) / count;
    List<Value> gates = new ArrayList<>();
    for (int gate = 0; gate < count; gate++) {
      gates.add(Slice.slice(x, 1, gate * units, (gate + 1) * units));
    }
    return gates;
  }
}
