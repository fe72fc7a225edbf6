package dev.tangents.derivative;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which mode {@link Jacobians#of} takes. */
class JacobianModeTest {
  private static Graph network(String name) {
    return Models.load(
            "mlp:" + name + "&seed=1",
            file -> {
              throw new AssertionError("no file is opened for " + file);
            })
        .graph();
  }

  private static void assertMode(Graph graph, boolean forward, List<String> wrt) {
    Graph expected = forward ? Jacobians.forward(graph, wrt) : Jacobians.reverse(graph, wrt);
    Graph other = forward ? Jacobians.reverse(graph, wrt) : Jacobians.forward(graph, wrt);
    Graph chosen = Jacobians.of(graph, wrt);
    assertNotEquals(expected.nodes(), other.nodes());
    assertEquals(expected.nodes(), chosen.nodes());
  }

  /**
   * Case S3: a layer tanh(W x + b). Unit tangents pass W for free, and unit cotangents both tanh
   * and W, so either mode has O D operations; but forward mode then transposes O D numbers. Behind
   * a linear readout both cost 2 O H D but for O H and D H elements, and that transposition of O D.
   * The last two have D and O alike, and a wide layer that one mode meets before the bottleneck and
   * the other behind it.
   */
  @ParameterizedTest
  @CsvSource({
    "32-2048:tanh?out=tanh, false",
    "2048-32:tanh?out=tanh, false",
    "512-512:tanh?out=tanh, false",
    "5-20-4:tanh?out=identity, false",
    "4-20-5:tanh?out=identity, false",
    "4-20-9:tanh?out=identity, true",
    "4-20-4:tanh?out=identity, false",
    "10-100-2-9:tanh?out=identity, true",
    "9-2-100-10:tanh?out=identity, false",
  })
  void modeIsThatWhichComputesAndMovesFewerNumbers(String network, boolean forward) {
    Graph graph = network(network);
    assertMode(graph, forward, List.of(graph.inputs().get(0).name()));
  }

  /** Unit vectors of 10,000 parameters are not formed only to be counted. */
  @Test
  void manyParametersAreDecidedByTheirNumber() {
    Graph graph = network("100-100:tanh?out=tanh");
    String weights = graph.parameters().get(0).name();
    assertEquals(10_000, graph.parameters().get(0).type().shape().size());
    assertEquals(
        Jacobians.reverse(graph, List.of(weights)).nodes(),
        Jacobians.of(graph, List.of(weights)).nodes());
  }
}
