package dev.tangents.ir;

import dev.tangents.error.TangentsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A network, or any derivative of one: nodes in topological order and the ids of those that are
 * results. Immutable. Made by a {@link GraphBuilder} or by a transform.
 */
public final class Graph {
  private final List<Node> nodes;
  private final List<Integer> outputs;

  Graph(List<Node> nodes, List<Integer> outputs) {
    this.nodes = List.copyOf(nodes);
    this.outputs = List.copyOf(outputs);
  }

  /** All nodes; node i stands at position i and refers only to earlier ones. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Node {@code id}. */
  public Node node(int id) {
    return nodes.get(id);
  }

  /** Ids of the results, in order. */
  public List<Integer> outputs() {
    return outputs;
  }

  /** Types of the results, in order. */
  public List<TensorType> outputTypes() {
    return outputs.stream().map(id -> nodes.get(id).type()).toList();
  }

  /**
   * The sample inputs, in the order in which they were added: the order in which a run takes them.
   */
  public List<Node.Input> inputs() {
    return ofKind(Node.Input.class);
  }

  /** The parameters, in the order in which they were added. */
  public List<Node.Parameter> parameters() {
    return ofKind(Node.Parameter.class);
  }

  /** The input of that name. */
  public Node.Input input(String name) {
    return inputs().stream()
        .filter(input -> input.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> unknown("input", name, inputs().stream().map(Node.Input::name).toList()));
  }

  /** The parameter of that name. */
  public Node.Parameter parameter(String name) {
    return parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                unknown(
                    "parameter", name, parameters().stream().map(Node.Parameter::name).toList()));
  }

  /** Number of trained numbers, P. */
  public long parameterCount() {
    return parameters().stream().mapToLong(p -> p.type().shape().size()).sum();
  }

  /**
   * Ids of what depends on an input, and so is computed in every run; an engine computes the rest
   * once beforehand.
   */
  public BitSet varying() {
    BitSet varying = new BitSet();
    for (Node node : nodes) {
      varying.set(
          node.id(),
          node instanceof Node.Input
              || (node instanceof Node.Apply apply
                  && apply.arguments().stream().anyMatch(varying::get)));
    }
    return varying;
  }

  /** Names of its primitives that are none of these, each once, sorted. */
  public List<String> primitivesBeyond(Set<Class<? extends Primitive>> known) {
    return nodes.stream()
        .filter(Node.Apply.class::isInstance)
        .map(node -> ((Node.Apply) node).primitive())
        .filter(primitive -> !known.contains(primitive.getClass()))
        .map(Primitive::name)
        .distinct()
        .sorted()
        .toList();
  }

  /** This graph with other results, given by node id. */
  public Graph withOutputs(List<Integer> ids) {
    return new Graph(nodes, ids);
  }

  /**
   * Copies the nodes into {@code target}, one by one, through {@code copy}, which sees each node
   * and the copies of its operands.
   *
   * @return the copies, by node id
   */
  public List<Value> rebuild(BiFunction<Node, List<Value>, Value> copy) {
    Value[] copies = new Value[nodes.size()];
    for (Node node : nodes) {
      List<Value> arguments = new ArrayList<>();
      if (node instanceof Node.Apply apply) {
        for (int id : apply.arguments()) {
          arguments.add(copies[id]);
        }
      }
      copies[node.id()] = copy.apply(node, arguments);
    }
    return Arrays.asList(copies);
  }

  /** Copies every node into {@code target} unchanged; returns the copies by node id. */
  public List<Value> copyInto(GraphBuilder target) {
    return rebuild((node, arguments) -> copyNode(target, node, arguments));
  }

  /** Copies one node, with the given operands, into {@code target}. */
  public static Value copyNode(GraphBuilder target, Node node, List<Value> arguments) {
    return node.fold(
        input -> target.input(input.name(), input.type()),
        parameter -> target.parameter(parameter.name(), parameter.type()),
        constant -> target.constant(constant.literal()),
        apply ->
            target
                .origin(apply.origin())
                .applyAsIs(apply.primitive(), arguments.toArray(new Value[0])));
  }

  /** One node a line: id, type, primitive and operands. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Node node : nodes) {
      text.append('%').append(node.id()).append(" : ").append(node.type()).append(" = ");
      text.append(
          node.<String>fold(
              input -> "input '" + input.name() + "'",
              parameter -> "parameter '" + parameter.name() + "'",
              constant -> "constant " + constant.literal(),
              apply -> apply.primitive() + " " + apply.arguments()));
      text.append('\n');
    }
    return text.append("return ").append(outputs).toString();
  }

  private <T extends Node> List<T> ofKind(Class<T> kind) {
    return nodes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static TangentsException unknown(String what, String name, List<String> known) {
    return TangentsException.user("Graph: no %s '%s'; it has %s", what, name, known);
  }
}
