package dev.tangents.ir;

import java.util.List;

/**
 * One application of a primitive, as its derivative rules see it.
 *
 * @param inputs the operands
 * @param output the result, so that rules can reuse it (tanh' = 1 - y y)
 */
public record Site(List<Value> inputs, Value output) {
  /** Copies the list. */
  public Site {
    inputs = List.copyOf(inputs);
  }

  /** Operand {@code index}. */
  public Value input(int index) {
    return inputs.get(index);
  }

  /** The graph under construction. */
  public GraphBuilder builder() {
    return output.builder();
  }
}
