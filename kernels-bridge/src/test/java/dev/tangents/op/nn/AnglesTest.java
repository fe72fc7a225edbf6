package dev.tangents.op.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Asinh;
import dev.tangents.op.elementwise.Atan;
import dev.tangents.op.elementwise.Sinh;
import dev.tangents.testkit.Runs;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions of angles and their kin to all digits, beside 0 and the ends of their domains too:
 * {@code goldens/angles.json}, made with 60 digits by the script beside it.
 */
class AnglesTest {
  /** Relative, of a value: nine units of 1.1e-16 for a handful of roundings. */
  private static final double VALUE = 1e-15;

  /** Relative, of a derivative: a product of as many roundings. */
  private static final double SLOPE = 2e-15;

  /**
   * Relative to the slope and the curvature together: the latter is a sum of terms of either size.
   */
  private static final double CURVATURE = 1e-14;

  private static final Map<String, UnaryOperator<Value>> FUNCTIONS =
      Map.of(
          "acos", Angles::acos,
          "acosh", Angles::acosh,
          "asin", Angles::asin,
          "asinh", Asinh::asinh,
          "atan", Atan::atan,
          "atanh", Angles::atanh,
          "cosh", Sinh::cosh,
          "sinh", Sinh::sinh,
          "tan", Angles::tan);

  @ParameterizedTest
  @ValueSource(strings = {"acos", "acosh", "asin", "asinh", "atan", "atanh", "cosh", "sinh", "tan"})
  void valueAndDerivativesHaveAllDigits(String name) throws IOException {
    JsonNode rows = goldens().get(name);
    assertTrue(rows.size() > 10);
    double[] x = column(rows, 0);
    double[] ones = new double[x.length];
    Arrays.fill(ones, 1);
    Graph value = graph(name, x.length);
    Graph slope = Vjp.of(value, List.of("x"));
    Graph curvature = Jvp.of(slope, List.of("x"));
    for (Engine opened : List.of(new ReferenceEngine(), new Nd4jEngine(Precision.DOUBLE))) {
      try (Engine engine = opened) {
        double[] y = column(rows, 1);
        double[] first = column(rows, 2);
        double[] second = column(rows, 3);
        assertClose(y, new double[y.length], run(engine, value, x), VALUE, x);
        assertClose(first, new double[y.length], run(engine, slope, x, ones), SLOPE, x);
        assertClose(second, first, run(engine, curvature, x, ones, ones), CURVATURE, x);
      }
    }
  }

  /** As PyTorch and JAX have it: infinite, where a product of zero and infinity would be NaN. */
  @Test
  void slopesAtTheEndsOfADomainAreInfinite() {
    double inf = Double.POSITIVE_INFINITY;
    assertEnds("asin", new double[] {-1, 1}, -Math.PI / 2, Math.PI / 2, inf);
    assertEnds("acos", new double[] {-1, 1}, Math.PI, 0, -inf);
    assertEnds("acosh", new double[] {1, 1}, 0, 0, inf);
  }

  private static void assertEnds(
      String name, double[] x, double first, double last, double expected) {
    Graph graph = graph(name, 2);
    double[] ones = {1, 1};
    try (Engine engine = new ReferenceEngine()) {
      double[] y = run(engine, graph, x);
      assertEquals(first, y[0], 1e-15);
      assertEquals(last, y[1], 1e-15);
      for (Graph derivative : List.of(Vjp.of(graph, List.of("x")), Jvp.of(graph, List.of("x")))) {
        for (double slope : run(engine, derivative, x, ones)) {
          assertEquals(expected, slope, name);
        }
      }
    }
  }

  private static Graph graph(String name, int size) {
    GraphBuilder builder = new GraphBuilder();
    return builder.build(FUNCTIONS.get(name).apply(builder.input("x", TensorType.real(size))));
  }

  private static double[] run(Engine engine, Graph graph, double[]... inputs) {
    return Runs.on(engine, graph, Weights.none(), List.of(inputs)).get(0);
  }

  /** Requires errors of at most {@code bound} of |expected| + |size|. */
  private static void assertClose(
      double[] expected, double[] size, double[] found, double bound, double[] x) {
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs(expected[i] - found[i]);
      int at = i;
      assertTrue(
          error <= bound * (Math.abs(expected[i]) + Math.abs(size[i])),
          () -> "At " + x[at] + " expected " + expected[at] + ", got " + found[at]);
    }
  }

  private static double[] column(JsonNode rows, int column) {
    double[] numbers = new double[rows.size()];
    Arrays.setAll(numbers, i -> rows.get(i).get(column).asDouble());
    return numbers;
  }

  private static JsonNode goldens() throws IOException {
    try (InputStream in = AnglesTest.class.getResourceAsStream("/goldens/angles.json")) {
      return new ObjectMapper().readTree(in);
    }
  }
}
