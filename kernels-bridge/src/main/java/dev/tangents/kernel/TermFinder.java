package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.Value;
import dev.tangents.kernel.KernelTerm.Use;
import dev.tangents.op.index.Gather;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Concat;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Finds the kernel terms of a network by walking its graph. A use of a parameter stands at the
 * <em>cut</em>: the last value that depends on parameters only, before a sample enters. Where every
 * cut of a parameter enters a matrix product and is an isometry away from the parameter, the
 * gradient is a sum of outer products and is never formed. Anything else (weight norm g v/|v|, W +
 * B A, an elementwise scale) takes the gradient that reverse mode gives, which has pulled the
 * cotangent through the chain already.
 */
final class TermFinder {
  /** Uses of one parameter up to which each is a term of its own. */
  private static final int MOST_USES = 8;

  private final Graph network;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> values;
  private final List<Tangent> cotangents;
  private final BitSet sampled = new BitSet();
  private final List<Factored> factors = new ArrayList<>();

  /**
   * The name of the input that {@link #graph} has beside the network's own: the output cotangent,
   * [O].
   */
  static final String COTANGENT = "kernel cotangent";

  TermFinder(Graph network) {
    this.network = network;
    this.values = network.copyInto(builder);
    Value seed = builder.input(COTANGENT, network.outputTypes().get(0));
    this.cotangents = Vjp.pull(network, values, List.of(seed));
    for (Node node : network.nodes()) {
      boolean depends = node instanceof Node.Input;
      if (node instanceof Node.Apply apply) {
        depends = apply.arguments().stream().anyMatch(sampled::get);
      }
      sampled.set(node.id(), depends);
    }
  }

  /**
   * A value that is a factor.
   *
   * @param value [T, width], or the numbers of rows [T, 1]
   * @param table 0, or V where each position stands for a row of the V x V identity, given by its
   *     number: an embedding's one-hot inputs, never formed
   */
  private record Factored(Value value, long table) {}

  /** Picks one of a parameter's possible terms. */
  @FunctionalInterface
  interface Choice {
    /**
     * The term to use.
     *
     * @param candidates at least one, of different methods
     */
    KernelTerm of(Node.Parameter parameter, List<KernelTerm> candidates);

    /** The term of one method, or the whole gradient where the parameter does not allow it. */
    static Choice only(Method method) {
      return (parameter, candidates) ->
          candidates.stream()
              .filter(term -> term.method() == method)
              .findFirst()
              .orElse(candidates.get(0));
    }
  }

  /** The terms, one for each parameter, as chosen. */
  List<KernelTerm> terms(List<String> parameters, Choice choice) {
    return network.parameters().stream()
        .filter(parameter -> parameters.contains(parameter.name()))
        .map(parameter -> choice.of(parameter, candidates(parameter)))
        .toList();
  }

  /**
   * The ways in which a parameter's term can be formed, {@link Method#GRADIENT_FIRST} at the front;
   * a parameter that no output depends on has that one alone, with no uses.
   */
  List<KernelTerm> candidates(Node.Parameter parameter) {
    String name = parameter.name();
    if (cotangents.get(parameter.id()).isZero()) {
      return List.of(new KernelTerm(name, Method.GRADIENT_FIRST, List.of()));
    }
    List<KernelTerm> candidates = new ArrayList<>();
    candidates.add(new KernelTerm(name, Method.GRADIENT_FIRST, List.of(whole(parameter))));
    outers(parameter)
        .map(outers -> outers.stream().map(this::use).toList())
        .ifPresent(uses -> candidates.add(new KernelTerm(name, Method.INPUTS_FIRST, uses)));
    return candidates;
  }

  /**
   * The graph of all factors, for one sample and one output cotangent: of all candidates that were
   * asked for so far.
   */
  Graph graph() {
    return builder.build(factors.stream().map(Factored::value).toList());
  }

  /** For each factor the rows of the table whose rows it numbers; 0 if it numbers none. */
  List<Long> tables() {
    return factors.stream().map(Factored::table).toList();
  }

  /** The id in {@link #graph} of the gradient by a whole parameter, of its shape. */
  int gradient(String parameter) {
    return cotangents.get(network.parameter(parameter).id()).materialise(builder).id();
  }

  /**
   * The gradient held whole, taken at the end of the isometry that the parameter passes through:
   * there a bias has the very cotangent that the weights beside it have, so their inner products
   * are shared.
   */
  private Use whole(Node.Parameter parameter) {
    int end = parameter.id();
    Optional<ParameterView> view = ParameterView.of(network, end, end);
    for (int next = onlyConsumer(end); next >= 0 && !sampled.get(next); next = onlyConsumer(end)) {
      Optional<ParameterView> further = ParameterView.of(network, next, parameter.id());
      if (further.isEmpty()) {
        break;
      }
      end = next;
      view = further;
    }
    Value gradient = cotangents.get(end).materialise(builder);
    Value flat = reshape(gradient, 1, gradient.shape().size());
    return new Use(OptionalInt.empty(), factor(flat, 0), view.orElseThrow());
  }

  /**
   * The one node that takes {@code id} as an operand, or -1 if several do, or it is a result
   * itself.
   */
  private int onlyConsumer(int id) {
    int[] consumers =
        network.nodes().stream()
            .filter(node -> node instanceof Node.Apply apply && apply.arguments().contains(id))
            .mapToInt(Node::id)
            .toArray();
    return consumers.length == 1 && !network.outputs().contains(id) ? consumers[0] : -1;
  }

  /**
   * An outer-product use before its factors are numbered: left [T, r], right [T, s].
   *
   * @param table 0, or the number of rows V of the table of which left holds row numbers [T, 1]
   * @param onLeft whether the parameter is the left operand of the product
   */
  private record Outer(Value left, long table, Value right, ParameterView view, boolean onLeft) {
    /** Puts the view's constant factor on a factor: once a panel, not once a tile. */
    static Outer of(Value left, Value right, ParameterView view, boolean onLeft) {
      return new Outer(scale(left, view.scale()), 0, right, view.unscaled(), onLeft);
    }
  }

  private Use use(Outer outer) {
    int left = factor(outer.left(), outer.table());
    return new Use(OptionalInt.of(left), factor(outer.right(), 0), outer.view());
  }

  private int factor(Value value, long table) {
    Factored factor = new Factored(value, table);
    int known = factors.indexOf(factor);
    if (known >= 0) {
      return known;
    }
    factors.add(factor);
    return factors.size() - 1;
  }

  /**
   * All uses as outer products, if all are, and any two show the same elements or none in common.
   */
  private Optional<List<Outer>> outers(Node.Parameter parameter) {
    List<Outer> found = new ArrayList<>();
    BitSet chain = chain(parameter.id());
    if (network.outputs().stream().anyMatch(chain::get)) {
      return Optional.empty();
    }
    for (Node node : network.nodes()) {
      if (!(node instanceof Node.Apply apply) || !sampled.get(node.id())) {
        continue;
      }
      for (int side = 0; side < apply.arguments().size(); side++) {
        if (chain.get(apply.arguments().get(side))
            && cotangents.get(node.id()) instanceof Tangent.Of cotangent) {
          Optional<Outer> outer = outer(apply, side, cotangent.value(), parameter);
          if (outer.isEmpty()) {
            return Optional.empty();
          }
          found.add(outer.get());
        }
      }
    }
    return compatible(found) ? Optional.of(joined(found)) : Optional.empty();
  }

  /**
   * The uses, with those of one view as positions of one use where there are many: the weight of a
   * recurrence is used at every step, and each pair of uses is a product of its own.
   */
  private static List<Outer> joined(List<Outer> uses) {
    if (uses.size() <= MOST_USES) {
      return uses;
    }
    Map<Object, List<Outer>> byView = new LinkedHashMap<>();
    for (Outer use : uses) {
      record Key(ParameterView view, boolean onLeft, boolean isTable) {}
      Key key = new Key(use.view(), use.onLeft(), use.table() > 0);
      byView.computeIfAbsent(key, k -> new ArrayList<>()).add(use);
    }
    return byView.values().stream()
        .flatMap(group -> group.get(0).table() > 0 ? group.stream() : Stream.of(join(group)))
        .toList();
  }

  private static Outer join(List<Outer> uses) {
    Outer first = uses.get(0);
    return new Outer(
        Concat.concat(uses.stream().map(Outer::left).toList(), 0),
        0,
        Concat.concat(uses.stream().map(Outer::right).toList(), 0),
        first.view(),
        first.onLeft());
  }

  /** The values that depend on the parameter and on no sample. */
  private BitSet chain(int parameter) {
    BitSet chain = new BitSet();
    chain.set(parameter);
    for (Node node : network.nodes()) {
      if (node instanceof Node.Apply apply
          && !sampled.get(node.id())
          && apply.arguments().stream().anyMatch(chain::get)) {
        chain.set(node.id());
      }
    }
    return chain;
  }

  private Optional<Outer> outer(
      Node.Apply apply, int side, Value cotangent, Node.Parameter parameter) {
    if (apply.primitive() instanceof Gather gather) {
      return side == 0 ? embedded(gather, apply, cotangent, parameter) : Optional.empty();
    }
    if (!(apply.primitive() instanceof MatMul matMul) || apply.type().shape().rank() != 2) {
      return Optional.empty();
    }
    int other = apply.arguments().get(1 - side);
    Value sample = values.get(other);
    return ParameterView.of(network, apply.arguments().get(side), parameter.id())
        .map(
            view -> {
              if (side == 1) { // Y = op(X) op(V): dV_op = op(X)^T dY
                Value left = matMul.transposeLeft() ? transpose(sample, 1, 0) : sample;
                return Outer.of(
                    left, cotangent, matMul.transposeRight() ? view.transposed() : view, false);
              }
              // Y = op(V) op(X): dV_op = dY op(X)^T
              Value right = matMul.transposeRight() ? sample : transpose(sample, 1, 0);
              return Outer.of(
                  transpose(cotangent, 1, 0),
                  right,
                  matMul.transposeLeft() ? view.transposed() : view,
                  true);
            });
  }

  /** y_t = V[id_t]: the gradient by V is the sum over t of one-hot(id_t) (x) dy_t. */
  private Optional<Outer> embedded(
      Gather gather, Node.Apply apply, Value cotangent, Node.Parameter parameter) {
    Shape table = values.get(apply.arguments().get(0)).shape();
    if (gather.lead() > 0 || table.rank() != 2) {
      return Optional.empty();
    }
    Value ids = values.get(apply.arguments().get(1));
    long positions = ids.shape().size();
    return ParameterView.of(network, apply.arguments().get(0), parameter.id())
        .map(
            view -> {
              Value rows = reshape(Gather.fromZero(ids, table.dim(0)), positions, 1);
              Value right = reshape(scale(cotangent, view.scale()), positions, table.dim(1));
              return new Outer(rows, table.dim(0), right, view.unscaled(), false);
            });
  }

  private static boolean compatible(List<Outer> uses) {
    for (int i = 0; i < uses.size(); i++) {
      for (int j = 0; j < i; j++) {
        ParameterView a = uses.get(i).view();
        ParameterView b = uses.get(j).view();
        if (!a.sameElements(b) && !a.sameElements(b.transposed()) && !a.disjoint(b)) {
          return false;
        }
      }
    }
    return true;
  }
}
