package dev.tangents.exec.nd4j;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Sub.sub;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.testkit.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Elementwise functions in one pass give what they give one after the other. */
class ChainsTest {
  /** Two chunks and a bit, so that a chunk that is written too early would be seen. */
  private static final Shape SHAPE = Shape.of(67, 71);

  private final GraphBuilder builder = new GraphBuilder();

  private Value input(String name, Shape shape) {
    return builder.input(name, TensorType.real(shape));
  }

  private static void check(Graph graph) {
    Random random = new Random(3);
    List<double[]> inputs = new ArrayList<>();
    for (Node.Input input : graph.inputs()) {
      inputs.add(random.doubles(input.type().shape().size(), -1, 1).toArray());
    }
    for (Precision precision : Precision.values()) {
      try (Nd4jEngine engine = new Nd4jEngine(precision)) {
        assertClose(
            Runs.reference(graph, Weights.none(), inputs),
            Runs.on(engine, graph, Weights.none(), inputs),
            precision == Precision.DOUBLE ? 1e-14 : 1e-5,
            "" + precision);
      }
    }
  }

  private static int longest(Graph graph) {
    Nd4jLowerings lowerings = Nd4jLowerings.standard();
    Views views = new Views(graph, lowerings);
    List<Node.Apply> steps =
        graph.nodes().stream()
            .filter(node -> node instanceof Node.Apply && !views.isView(node.id()))
            .map(Node.Apply.class::cast)
            .toList();
    Chains chains = new Chains(graph, lowerings, views);
    int longest = 0;
    for (int from = 0; from < steps.size(); from++) {
      longest = Math.max(longest, chains.length(steps, from));
    }
    return longest;
  }

  @Test
  void eitherSideAndBothMayBeTheResultBefore() {
    Value x = input("x", SHAPE);
    Value y = input("y", SHAPE);
    Value chain = sub(y, add(x, builder.splat(SHAPE, 0.25)));
    Graph graph = builder.build(relu(sub(mul(chain, chain), y)));
    assertEquals(5, longest(graph));
    check(graph);
  }

  /** The row sums die in the chain; the operands behind it are read from memory that was theirs. */
  @Test
  void aRepeatedOperandIsReadWhereItLies() {
    Value x = input("x", SHAPE);
    Value y = input("y", SHAPE);
    Value sums = Broadcast.broadcast(Sum.sum(mul(x, x), 1), SHAPE, List.of(0));
    Graph graph = builder.build(mul(x, y), add(mul(sub(y, sums), x), y));
    assertEquals(3, longest(graph));
    check(graph);
  }

  @Test
  void aResultThatIsReadAgainStandsAlone() {
    Value x = input("x", SHAPE);
    Value square = mul(x, x);
    Graph graph = builder.build(add(relu(square), square));
    assertEquals(2, longest(graph));
    check(graph);
  }

  @Test
  void aResultThatIsAskedForIsWritten() {
    Value x = input("x", SHAPE);
    Value product = mul(x, x);
    Graph graph = builder.build(product, add(product, x));
    assertEquals(1, longest(graph));
    check(graph);
  }
}
