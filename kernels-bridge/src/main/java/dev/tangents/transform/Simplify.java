package dev.tangents.transform;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A smaller graph with the same results: drops what no result needs, computes equal subexpressions
 * once and constants beforehand, and applies each primitive's own identities (x + 0, a transpose
 * that moves nothing). All inputs stay, used or not, so that a run takes the same arguments; unused
 * parameters go.
 */
public final class Simplify {
  /** Folding may not make an array longer than this, unless its operands were as long already. */
  private static final long FREE_FOLD = 4096;

  private final ConstantFolder folder;

  /** A simplifier that computes constants with {@code folder}. */
  public Simplify(ConstantFolder folder) {
    this.folder = folder;
  }

  /** The simplified graph. */
  public Graph apply(Graph graph) {
    Graph smaller = prune(rewrite(prune(graph)));
    // One identity can make room for another, so go on until nothing changes.
    return smaller.nodes().equals(graph.nodes()) ? smaller : apply(smaller);
  }

  private Graph rewrite(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Map<Object, Value> seen = new HashMap<>();
    List<Value> values =
        graph.rebuild(
            (node, arguments) -> {
              if (node instanceof Node.Constant constant) {
                return seen.computeIfAbsent(
                    constant.literal(), key -> builder.constant(constant.literal()));
              }
              if (node instanceof Node.Apply apply) {
                record Key(Primitive primitive, List<Value> arguments) {}
                Key key = new Key(apply.primitive(), arguments);
                Value known = seen.get(key);
                if (known == null) {
                  known = applied(builder, apply, arguments);
                  seen.put(key, known);
                }
                return known;
              }
              return Graph.copyNode(builder, node, arguments);
            });
    return builder.build(graph.outputs().stream().map(values::get).toList());
  }

  private Value applied(GraphBuilder builder, Node.Apply apply, List<Value> arguments) {
    Optional<Literal> folded = fold(builder, apply, arguments);
    if (folded.isPresent()) {
      return builder.constant(folded.get());
    }
    return builder.origin(apply.origin()).apply(apply.primitive(), arguments.toArray(new Value[0]));
  }

  private Optional<Literal> fold(GraphBuilder builder, Node.Apply apply, List<Value> arguments) {
    List<Literal> literals = new ArrayList<>();
    long size = 0;
    for (Value argument : arguments) {
      Optional<Literal> literal = builder.literal(argument);
      if (literal.isEmpty()) {
        return Optional.empty();
      }
      literals.add(literal.get());
      size = Math.max(size, argument.shape().size());
    }
    if (apply.primitive().elementwise() && literals.stream().allMatch(Literal::isSplat)) {
      // Equal elements in, equal elements out: compute one of them.
      TensorType one = apply.type().withShape(Shape.scalar());
      List<Literal> scalars = literals.stream().map(x -> Literal.splat(one, x.first())).toList();
      Literal result = folder.fold(apply.primitive(), scalars, one);
      return Optional.of(Literal.splat(apply.type(), result.first()));
    }
    return apply.type().shape().size() <= Math.max(FREE_FOLD, size)
        ? Optional.of(folder.fold(apply.primitive(), literals, apply.type()))
        : Optional.empty();
  }

  private static Graph prune(Graph graph) {
    BitSet live = new BitSet();
    graph.outputs().forEach(live::set);
    for (int id = graph.nodes().size() - 1; id >= 0; id--) {
      if (live.get(id) && graph.node(id) instanceof Node.Apply apply) {
        apply.arguments().forEach(live::set);
      }
    }
    GraphBuilder builder = new GraphBuilder();
    Value[] copies = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      if (live.get(node.id()) || node instanceof Node.Input) {
        List<Value> arguments = new ArrayList<>();
        if (node instanceof Node.Apply apply) {
          apply.arguments().forEach(id -> arguments.add(copies[id]));
        }
        copies[node.id()] = Graph.copyNode(builder, node, arguments);
      }
    }
    return builder.build(graph.outputs().stream().map(id -> copies[id]).toList());
  }
}
