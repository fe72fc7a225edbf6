package dev.tangents.ir;

import dev.tangents.error.TangentsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Builds a {@link Graph} node by node. Every node is checked as it is added, so a finished graph is
 * well-typed. Not thread-safe; one builder makes one graph.
 */
public final class GraphBuilder {
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private String origin = "";

  /** Sets the layer name that the following applications are labelled with, for messages. */
  public GraphBuilder origin(String layer) {
    origin = layer;
    return this;
  }

  /**
   * Adds a sample input.
   *
   * @throws TangentsException if an input or parameter has that name already
   */
  public Value input(String name, TensorType type) {
    return add(new Node.Input(nodes.size(), type, claim(name)));
  }

  /**
   * Adds an input named {@code stem}, or {@code stem#2}, {@code stem#3} ... where that is taken.
   */
  public Value freshInput(String stem, TensorType type) {
    String name = stem;
    for (int i = 2; names.contains(name); i++) {
      name = stem + "#" + i;
    }
    return input(name, type);
  }

  /**
   * Adds a parameter under the model's own name.
   *
   * @throws TangentsException if an input or parameter has that name already
   */
  public Value parameter(String name, TensorType type) {
    return add(new Node.Parameter(nodes.size(), type, claim(name)));
  }

  /** Adds a constant. */
  public Value constant(Literal literal) {
    return add(new Node.Constant(nodes.size(), literal));
  }

  /** Adds a real constant of the given shape whose elements are all {@code value}. */
  public Value splat(Shape shape, double value) {
    return constant(Literal.splat(TensorType.real(shape), value));
  }

  /**
   * Applies a primitive, or returns the simpler value that {@link Primitive#simplify} knows.
   *
   * @throws TangentsException if the operands' types do not fit it, or belong to another graph
   */
  public Value apply(Primitive primitive, Value... inputs) {
    TensorType type = check(primitive, inputs);
    Optional<Value> simpler = primitive.simplify(List.of(inputs));
    if (simpler.isPresent() && !simpler.get().type().equals(type)) {
      throw TangentsException.internal(
          "%s: its simplify returned %s, expected %s",
          primitive.name(), simpler.get().type(), type);
    }
    return simpler.orElseGet(() -> add(primitive, type, inputs));
  }

  /**
   * Applies a primitive as it stands, without simplification: a copy keeps every node and its id.
   */
  public Value applyAsIs(Primitive primitive, Value... inputs) {
    return add(primitive, check(primitive, inputs), inputs);
  }

  private Value add(Primitive primitive, TensorType type, Value... inputs) {
    List<Integer> arguments = Arrays.stream(inputs).map(Value::id).toList();
    return add(new Node.Apply(nodes.size(), type, primitive, arguments, origin));
  }

  private TensorType check(Primitive primitive, Value... inputs) {
    List<TensorType> types = new ArrayList<>(inputs.length);
    for (Value input : inputs) {
      if (input.builder() != this) {
        throw TangentsException.internal(
            "%s: operand %s belongs to another graph", primitive.name(), input);
      }
      types.add(input.type());
    }
    try {
      return primitive.resultType(types);
    } catch (TangentsException e) {
      throw origin.isEmpty() ? e : e.within("Layer '" + origin + "'");
    }
  }

  /** The node behind a value. */
  public Node node(Value value) {
    return nodes.get(value.id());
  }

  /** The literal behind a value, if it is a constant. */
  public Optional<Literal> literal(Value value) {
    return node(value) instanceof Node.Constant constant
        ? Optional.of(constant.literal())
        : Optional.empty();
  }

  /** Whether a value is the constant whose every element is {@code number}. */
  public boolean isSplat(Value value, double number) {
    return literal(value).filter(literal -> literal.isSplatOf(number)).isPresent();
  }

  /** The number of a splat constant, if the value is one. */
  public Optional<Double> splatOf(Value value) {
    return literal(value).filter(Literal::isSplat).map(Literal::first);
  }

  /** A splat of the same number in another type, if {@code value} is one. */
  public Optional<Value> splatAs(TensorType type, Value value) {
    return splatOf(value).map(number -> constant(Literal.splat(type, number)));
  }

  /**
   * The operand of {@code value} if it is an application of a primitive of that kind with one
   * operand.
   */
  public Optional<Value> operandOf(Value value, Class<? extends Primitive> kind) {
    return node(value) instanceof Node.Apply apply && kind.isInstance(apply.primitive())
        ? Optional.of(value(apply.arguments().get(0)))
        : Optional.empty();
  }

  /** The handle of node {@code id}. */
  public Value value(int id) {
    return new Value(this, id, nodes.get(id).type());
  }

  /** How many nodes were added so far. */
  public int size() {
    return nodes.size();
  }

  /** Finishes the graph with the given outputs; the builder can go on and make further graphs. */
  public Graph build(List<Value> outputs) {
    return new Graph(nodes, outputs.stream().map(Value::id).toList());
  }

  /** Finishes a graph with the given outputs. */
  public Graph build(Value... outputs) {
    return build(List.of(outputs));
  }

  private String claim(String name) {
    if (!names.add(name)) {
      throw TangentsException.model(
          "Graph: two inputs or parameters are named '%s'; names must differ", name);
    }
    return name;
  }

  private Value add(Node node) {
    nodes.add(node);
    return new Value(this, node.id(), node.type());
  }
}
