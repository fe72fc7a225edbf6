package dev.tangents.ir;

import java.util.List;
import java.util.function.Function;

/**
 * One value of a graph. The four cases are closed: new operations are new {@link Primitive}s, never
 * new kinds of node. An id is the node's position in its graph.
 */
public sealed interface Node permits Node.Input, Node.Parameter, Node.Constant, Node.Apply {
  /** Position in the graph. */
  int id();

  /** Kind of number and shape. */
  TensorType type();

  /** Calls the function of this node's case: an exhaustive choice, checked by the compiler. */
  <R> R fold(
      Function<Input, R> onInput,
      Function<Parameter, R> onParameter,
      Function<Constant, R> onConstant,
      Function<Apply, R> onApply);

  /** A value that comes with the sample (or a tangent, or a cotangent). */
  record Input(int id, TensorType type, String name) implements Node {
    @Override
    public <R> R fold(
        Function<Input, R> onInput,
        Function<Parameter, R> onParameter,
        Function<Constant, R> onConstant,
        Function<Apply, R> onApply) {
      return onInput.apply(this);
    }
  }

  /** A trained weight under the model's own name; its numbers are in {@link Weights}. */
  record Parameter(int id, TensorType type, String name) implements Node {
    @Override
    public <R> R fold(
        Function<Input, R> onInput,
        Function<Parameter, R> onParameter,
        Function<Constant, R> onConstant,
        Function<Apply, R> onApply) {
      return onParameter.apply(this);
    }
  }

  /** A number known when the graph is built. */
  record Constant(int id, Literal literal) implements Node {
    @Override
    public TensorType type() {
      return literal.type();
    }

    @Override
    public <R> R fold(
        Function<Input, R> onInput,
        Function<Parameter, R> onParameter,
        Function<Constant, R> onConstant,
        Function<Apply, R> onApply) {
      return onConstant.apply(this);
    }
  }

  /**
   * A primitive applied to earlier nodes.
   *
   * @param arguments ids of the operands, each smaller than {@code id}
   * @param origin name of the imported layer that this came from, for messages; may be empty
   */
  record Apply(int id, TensorType type, Primitive primitive, List<Integer> arguments, String origin)
      implements Node {
    /** Copies the argument list. */
    public Apply {
      arguments = List.copyOf(arguments);
    }

    @Override
    public <R> R fold(
        Function<Input, R> onInput,
        Function<Parameter, R> onParameter,
        Function<Constant, R> onConstant,
        Function<Apply, R> onApply) {
      return onApply.apply(this);
    }
  }
}
