package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Value;
import dev.tangents.op.reduce.Sum;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Laplacians sum_i d2 f[o...] / dx_i^2 of one sample as graphs, in one forward pass (Li et al.
 * 2023, "forward Laplacian"): beside each value v travel its Jacobian J = dv/dx, [D, v...], and its
 * Laplacian L, [v...]. Through a primitive y = p(v) they become
 *
 * <pre>
 *   J_y[i] = p'(v) J[i]          L_y = p'(v) L + sum_i p''(v)(J[i], J[i])</pre>
 *
 * <p>p' is the primitive's jvp and p'' the jvp of that, so no rule is stated here. For an
 * elementwise p the sum is p''(v) o sum_i J[i]^2, and p'' is computed once, not for each of D. A
 * linear p has no p''. No Hessian is formed, and where x meets a matrix product first, no array of
 * D x D: the Jacobian of x itself is the identity, which {@code Simplify} takes out of a product.
 */
public final class Laplacians {
  private final GraphBuilder builder = new GraphBuilder();
  private final Graph graph;
  private final List<Value> values;
  private final long lanes;

  /** Jacobians by node id; a node that does not depend on x is absent. */
  private final Map<Integer, Value> jacobians = new HashMap<>();

  /** Laplacians by node id; where absent, zero. */
  private final Map<Integer, Value> laplacians = new HashMap<>();

  private Laplacians(Graph graph, Node x) {
    this.graph = graph;
    this.values = graph.copyInto(builder);
    this.lanes = x.type().shape().size();
    jacobians.put(x.id(), builder.constant(Basis.identity(x.type().shape())));
  }

  /**
   * The Laplacian of every result, each of its result's shape, in order; zeros where it does not
   * depend on x or is linear in pieces. The graph has the inputs of the given one.
   *
   * @param input name of the input or parameter x
   * @throws dev.tangents.error.TangentsException if the name is unknown or not real
   */
  public static Graph of(Graph graph, String input) {
    Laplacians pass = new Laplacians(graph, Basis.leaf(graph, input));
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply) {
        pass.push(apply);
      }
    }
    return pass.builder.build(graph.outputs().stream().map(pass::laplacian).toList());
  }

  private Value laplacian(int id) {
    Value known = laplacians.get(id);
    return known == null ? builder.splat(graph.node(id).type().shape(), 0) : known;
  }

  private void push(Node.Apply apply) {
    List<Integer> active = operands(apply, jacobians);
    if (active.isEmpty()) {
      return;
    }
    builder.origin(apply.origin());
    Graph one = alone(apply);
    Graph first = Jvp.of(one, names(active));
    keep(jacobians, apply.id(), overLanes(apply, first, active, 1));
    Value sum = second(apply, first, active);
    List<Integer> curved = operands(apply, laplacians);
    if (!curved.isEmpty()) {
      Graph pushed = Jvp.of(one, names(curved));
      Map<String, Value> arguments = arguments(apply);
      bind(arguments, apply, pushed, curved, 1, laplacians::get);
      Value linear = inline(pushed, arguments);
      sum = sum == null ? linear : add(linear, sum);
    }
    keep(laplacians, apply.id(), sum);
  }

  /** sum_i p''(v)(J[i], J[i]), or null if p is linear. */
  private Value second(Node.Apply apply, Graph first, List<Integer> active) {
    Graph twice = Jvp.of(first, names(active));
    if (apply.primitive().elementwise() && active.size() == 1) {
      int operand = apply.arguments().get(active.get(0));
      Value one = builder.splat(values.get(operand).shape(), 1);
      Map<String, Value> arguments = arguments(apply);
      bind(arguments, apply, twice, active, 2, id -> one);
      Value curvature = inline(twice, arguments);
      Value j = jacobians.get(operand);
      return isZero(curvature) ? null : mul(curvature, Sum.sum(mul(j, j), 0));
    }
    Value each = overLanes(apply, twice, active, 2);
    return each == null ? null : Sum.sum(each, 0);
  }

  /**
   * A derivative of an application with the Jacobians as its tangents, {@code sets} times over: [D,
   * y...], or null if it does not depend on them, and so is zero.
   */
  private Value overLanes(Node.Apply apply, Graph derivative, List<Integer> active, int sets) {
    Map<String, Value> tangents = new TreeMap<>();
    bind(tangents, apply, derivative, active, sets, jacobians::get);
    Batch.Result batched = Batch.sparse(derivative, tangents.keySet(), lanes);
    if (!batched.mapped().get(0)) {
      return null;
    }
    tangents.putAll(arguments(apply));
    return inline(batched.graph(), tangents);
  }

  /** The application as a graph of its own, of one input an operand. */
  private Graph alone(Node.Apply apply) {
    GraphBuilder own = new GraphBuilder();
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < apply.arguments().size(); i++) {
      inputs.add(own.input(name(i), values.get(apply.arguments().get(i)).type()));
    }
    return own.build(own.applyAsIs(apply.primitive(), inputs.toArray(new Value[0])));
  }

  private Map<String, Value> arguments(Node.Apply apply) {
    Map<String, Value> arguments = new HashMap<>();
    for (int i = 0; i < apply.arguments().size(); i++) {
      arguments.put(name(i), values.get(apply.arguments().get(i)));
    }
    return arguments;
  }

  /**
   * Names the tangent inputs that Jvp put behind the operands, a set for each time it was taken.
   */
  private static void bind(
      Map<String, Value> target,
      Node.Apply apply,
      Graph derivative,
      List<Integer> active,
      int sets,
      IntFunction<Value> tangent) {
    List<Node.Input> inputs = derivative.inputs();
    for (int i = 0; i < sets * active.size(); i++) {
      int operand = apply.arguments().get(active.get(i % active.size()));
      Node.Input input = inputs.get(apply.arguments().size() + i);
      target.put(input.name(), tangent.apply(operand));
    }
  }

  private Value inline(Graph part, Map<String, Value> arguments) {
    List<Value> copies =
        part.rebuild(
            (node, operands) ->
                node.fold(
                    input -> arguments.get(input.name()),
                    parameter -> Graph.copyNode(builder, parameter, operands),
                    constant -> Graph.copyNode(builder, constant, operands),
                    apply -> builder.apply(apply.primitive(), operands.toArray(new Value[0]))));
    return copies.get(part.outputs().get(0));
  }

  private void keep(Map<Integer, Value> target, int id, Value value) {
    if (value != null && !isZero(value)) {
      target.put(id, value);
    }
  }

  private boolean isZero(Value value) {
    return builder.isSplat(value, 0);
  }

  private static List<Integer> operands(Node.Apply apply, Map<Integer, Value> known) {
    return IntStream.range(0, apply.arguments().size())
        .filter(i -> known.containsKey(apply.arguments().get(i)))
        .boxed()
        .toList();
  }

  private static List<String> names(List<Integer> operands) {
    return operands.stream().map(Laplacians::name).toList();
  }

  private static String name(int operand) {
    return "x" + operand;
  }
}
