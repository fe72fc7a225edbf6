package dev.tangents.transform;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives chosen inputs a new leading axis and carries it through to the results, leaving alone what
 * does not depend on them: a weight, and whatever is computed from weights alone, is computed once
 * for the batch. The axis may be samples (N) or lanes of tangents or cotangents (V).
 */
public final class Batch {
  private Batch() {}

  /**
   * A batched graph and which of its results carry the axis.
   *
   * @param graph the batched graph; result i has the batch axis in front if {@code mapped.get(i)}
   * @param mapped whether result i depends on a batched input
   */
  public record Result(Graph graph, List<Boolean> mapped) {
    /** Copies the list. */
    public Result {
      mapped = List.copyOf(mapped);
    }
  }

  /**
   * The graph over a batch of {@code size}, each result with the batch axis in front; a result that
   * does not depend on the batch is repeated.
   *
   * @param inputs names of the inputs that get the axis
   */
  public static Graph of(Graph graph, Set<String> inputs, long size) {
    return build(graph, leading(inputs), size, true).graph();
  }

  /**
   * The graph over a batch that is at a chosen axis of each input, as data may come; in the results
   * it is in front, as {@link #of} has it.
   *
   * @param axes for each input that carries the batch, where the axis of extent {@code size} stands
   *     in it; a negative one counts from the end
   * @throws dev.tangents.error.TangentsException if an input is unknown or has no such axis
   */
  public static Graph along(Graph graph, Map<String, Integer> axes, long size) {
    return build(graph, axes, size, true).graph();
  }

  /**
   * The graph over a batch as {@link #of} makes it, but a result that does not depend on the batch
   * stays as it is.
   */
  public static Result sparse(Graph graph, Set<String> inputs, long size) {
    return build(graph, leading(inputs), size, false);
  }

  private static Map<String, Integer> leading(Set<String> inputs) {
    return inputs.stream().collect(Collectors.toMap(name -> name, name -> 0));
  }

  private static Result build(Graph graph, Map<String, Integer> axes, long size, boolean repeat) {
    axes.keySet().forEach(graph::input);
    GraphBuilder builder = new GraphBuilder();
    boolean[] mapped = new boolean[graph.nodes().size()];
    List<Value> values =
        graph.rebuild(
            (node, arguments) -> {
              if (node instanceof Node.Apply apply) {
                for (int argument : apply.arguments()) {
                  mapped[node.id()] |= mapped[argument];
                }
                return mapped[node.id()]
                    ? apply(builder, apply, arguments, mapped, size)
                    : Graph.copyNode(builder, node, arguments);
              }
              if (node instanceof Node.Input input && axes.containsKey(input.name())) {
                mapped[node.id()] = true;
                return input(builder, input, axes.get(input.name()), size);
              }
              return Graph.copyNode(builder, node, arguments);
            });
    List<Value> results = new ArrayList<>();
    List<Boolean> flags = new ArrayList<>();
    for (int id : graph.outputs()) {
      Mapped result = new Mapped(values.get(id), mapped[id]);
      results.add(repeat ? Broadcast.lead(result, size) : result.value());
      flags.add(repeat || mapped[id]);
    }
    return new Result(builder.build(results), flags);
  }

  private static Value apply(
      GraphBuilder builder, Node.Apply apply, List<Value> arguments, boolean[] mapped, long size) {
    List<Mapped> operands = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      operands.add(new Mapped(arguments.get(i), mapped[apply.arguments().get(i)]));
    }
    builder.origin(apply.origin());
    Value result = apply.primitive().batch(operands, size);
    TensorType expected = lead(apply.type(), size);
    if (!result.type().equals(expected)) {
      throw TangentsException.internal(
          "%s: its batch rule returned %s, expected %s",
          apply.primitive().name(), result.type(), expected);
    }
    return result;
  }

  private static Value input(GraphBuilder builder, Node.Input input, int axis, long size) {
    Shape shape = input.type().shape();
    int from = shape.insert(0, size).normalise(axis);
    TensorType type = input.type().withShape(shape.insert(from, size));
    return Transpose.moveAxis(builder.input(input.name(), type), from, 0);
  }

  private static TensorType lead(TensorType type, long size) {
    return type.withShape(type.shape().insert(0, size));
  }
}
