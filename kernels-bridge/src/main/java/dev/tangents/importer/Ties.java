package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.shape.Transpose;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes one parameter of two that hold the same numbers. Where the copy stood, the parameter that
 * is kept stands, or its transpose; so the gradients of both uses add before any inner product is
 * taken, and P counts the numbers once.
 */
final class Ties {
  private static final int MOST_NAMED = 20;

  private Ties() {}

  /**
   * The model with its parameters tied. Its hash is over the ties too.
   *
   * @throws TangentsException of category USER if a parameter is unknown, tied twice or to itself,
   *     or the two do not hold the same numbers
   */
  static Model apply(Model model, List<Tie> ties) {
    if (ties.isEmpty()) {
      return model;
    }
    Graph graph = model.graph();
    Map<String, Literal> weights = new LinkedHashMap<>();
    graph.parameters().forEach(p -> weights.put(p.name(), model.weights().get(p.name())));
    List<String> said = new ArrayList<>();
    for (Tie tie : ties) {
      requireApart(tie, said);
      Literal kept = known(tie.kept(), weights);
      Literal copy = known(tie.copy(), weights);
      boolean equal = kept.equals(copy);
      if (!equal && !EqualParameters.isTransposed(kept, copy)) {
        throw different(tie, kept, copy);
      }
      graph = replaced(graph, tie, !equal);
      weights.remove(tie.copy());
      said.add(tie.copy() + " = " + tie.kept() + (equal ? "" : " transposed"));
    }
    String text = ties.stream().map(Tie::toString).collect(Collectors.joining("\n"));
    return new Model(
        graph,
        Weights.of(weights),
        model.inputs(),
        model.output(),
        model.description() + "; tied: " + String.join(", ", said),
        Sha256.hex((model.sha256() + "\n" + text).getBytes(StandardCharsets.UTF_8)));
  }

  private static Graph replaced(Graph graph, Tie tie, boolean transposed) {
    GraphBuilder builder = new GraphBuilder();
    Node.Parameter kept = graph.parameter(tie.kept());
    Node.Parameter copy = graph.parameter(tie.copy());
    // Ahead of all nodes, since the copy may stand before the one that is kept.
    Value first = builder.parameter(kept.name(), kept.type());
    Value second = transposed ? Transpose.transpose(first, 1, 0) : first;
    List<Value> values =
        graph.rebuild(
            (node, arguments) -> {
              if (node.id() == kept.id()) {
                return first;
              }
              return node.id() == copy.id() ? second : Graph.copyNode(builder, node, arguments);
            });
    return builder.build(graph.outputs().stream().map(values::get).toList());
  }

  private static void requireApart(Tie tie, List<String> said) {
    if (tie.kept().equals(tie.copy())) {
      throw TangentsException.user(
          "tie: %s ties a parameter to itself; expected two names", Text.shown(tie.toString()));
    }
    for (String name : List.of(tie.kept(), tie.copy())) {
      if (said.stream().anyMatch(earlier -> earlier.startsWith(name + " = "))) {
        throw TangentsException.user(
            "tie: in %s, '%s' is already tied to another. Name the one that is kept",
            Text.shown(tie.toString()), Text.shown(name));
      }
    }
  }

  private static Literal known(String name, Map<String, Literal> weights) {
    Literal literal = weights.get(name);
    if (literal == null) {
      String some =
          weights.keySet().stream()
              .limit(MOST_NAMED)
              .map(Text::shown)
              .collect(Collectors.joining(", "));
      throw TangentsException.user(
          "tie: no parameter '%s'%s. The model has %s%s",
          Text.shown(name),
          Nearest.to(name, weights.keySet())
              .map(near -> "; perhaps '" + Text.shown(near) + "'")
              .orElse(""),
          some.isEmpty() ? "none" : some,
          weights.size() > MOST_NAMED ? ", ..." : "");
    }
    return literal;
  }

  /** Shapes that do not fit, or the first number that differs. */
  private static TangentsException different(Tie tie, Literal kept, Literal copy) {
    String title = "tie: " + Text.shown(tie.toString());
    Shape shape = kept.type().shape();
    boolean same = shape.equals(copy.type().shape());
    if (!same
        && !(shape.rank() == 2
            && copy.type().shape().equals(shape.slice(1, 2).concat(shape.slice(0, 1))))) {
      return TangentsException.user(
          "%s: shapes %s and %s; expected the same, or that of the transpose. Tie only copies",
          title, shape, copy.type().shape());
    }
    double[] left = kept.toArray();
    double[] right = copy.toArray();
    int columns = same ? 1 : (int) shape.dim(1);
    int rows = left.length / columns;
    int at = 0;
    int other = 0;
    while (at < left.length - 1 && bits(left[at]) == bits(right[other])) {
      at++;
      other = same ? at : at % columns * rows + at / columns;
    }
    return TangentsException.user(
        "%s: element %d of the first is %s, that of the second %s; expected the same numbers%s. Tie only"
            + " copies",
        title, at, left[at], right[other], same ? "" : ", transposed");
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
