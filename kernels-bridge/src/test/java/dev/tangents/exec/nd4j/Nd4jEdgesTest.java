package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Elementwise primitives at NaN, infinities, both zeros, large and tiny numbers, as arrays and as
 * one number: the same as the reference, or in the list of docs/compatibility.md.
 */
class Nd4jEdgesTest {
  private static final double[] EDGES = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -2,
    3,
    20,
    -20,
    89,
    -89,
    1000,
    -1000,
    1e-3,
    -1e-3,
    1e-7,
    1e-30,
    1e30,
    -1e30
  };

  static Stream<PrimitiveCase> elementwise() {
    return PrimitiveTable.all().stream().filter(line -> line.primitive().elementwise());
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void edgesAreTheReferences(PrimitiveCase line) {
    for (Precision precision : Precision.values()) {
      double[] edges = narrowed(precision, EDGES);
      List<double[]> inputs =
          switch (line.shapes().size()) {
            case 1 -> List.of(edges);
            case 2 -> pairs(precision);
            default -> List.of(edges, rotated(edges, 1), rotated(edges, 2));
          };
      GraphBuilder builder = new GraphBuilder();
      List<Value> operands = new ArrayList<>();
      for (double[] input : inputs) {
        operands.add(builder.input("x" + operands.size(), TensorType.real(input.length)));
      }
      Value y = builder.applyAsIs(line.primitive(), operands.toArray(new Value[0]));
      compare(builder.build(y), inputs, precision, line);
    }
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void edgesAreTheReferencesWithANumber(PrimitiveCase line) {
    if (line.shapes().size() != 2) {
      return;
    }
    for (Precision precision : Precision.values()) {
      double[] edges = narrowed(precision, EDGES);
      for (double number : edges) {
        for (boolean left : List.of(true, false)) {
          GraphBuilder builder = new GraphBuilder();
          Value x = builder.input("x", TensorType.real(edges.length));
          Value splat = builder.splat(Shape.of(edges.length), number);
          Value y = builder.apply(line.primitive(), left ? splat : x, left ? x : splat);
          compare(builder.build(y), List.of(edges), precision, line);
        }
      }
    }
  }

  private static double[] rotated(double[] x, int by) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[(i + by) % x.length]);
    return y;
  }

  private static void compare(
      Graph graph, List<double[]> inputs, Precision precision, PrimitiveCase line) {
    try (Nd4jEngine engine = new Nd4jEngine(precision)) {
      // Both engines run the simplified graph, so that 0 x is the same symbol to both.
      Graph simple = Runs.simplified(graph);
      double[] expected = Runs.reference(simple, inputs).get(0);
      double[] found = Runs.on(engine, simple, Weights.none(), inputs).get(0);
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < expected.length; i++) {
        if (!same(expected[i], found[i], precision)) {
          StringBuilder at = new StringBuilder();
          for (double[] input : inputs) {
            at.append(input[i]).append(' ');
          }
          wrong.add("at " + at + "expected " + expected[i] + ", got " + found[i]);
        }
      }
      assertEquals(List.of(), wrong, precision + " " + line + "\n" + graph);
    }
  }

  private static boolean same(double expected, double found, Precision precision) {
    double e = precision == Precision.FLOAT ? (float) expected : expected;
    double tiny = precision == Precision.FLOAT ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    double bound = precision == Precision.FLOAT ? 5e-6 : 1e-13;
    // Equal covers both zeros; a subnormal result may be flushed to zero.
    return e == found
        || (Double.isNaN(e) && Double.isNaN(found))
        || Math.abs(e - found) <= bound * Math.abs(e)
        || (Math.abs(e) < tiny && Math.abs(found) < tiny);
  }

  private static double[] narrowed(Precision precision, double[] values) {
    double[] narrow = values.clone();
    for (int i = 0; precision == Precision.FLOAT && i < narrow.length; i++) {
      narrow[i] = (float) narrow[i];
    }
    return narrow;
  }

  private static List<double[]> pairs(Precision precision) {
    int n = EDGES.length;
    double[] a = new double[n * n];
    double[] b = new double[n * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = EDGES[i / n];
      b[i] = EDGES[i % n];
    }
    return List.of(narrowed(precision, a), narrowed(precision, b));
  }
}
