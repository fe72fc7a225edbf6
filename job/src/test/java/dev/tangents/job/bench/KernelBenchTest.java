package dev.tangents.job.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.DType;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.job.bench.network.Perceptron;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Method;
import dev.tangents.transform.Vjp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel benchmarks compute and print; that the times are right nothing here can say. */
class KernelBenchTest {
  private static final int N = 3;
  private static final int O = 2;

  private static KernelPlan plan(Graph network, KernelKind kind) {
    List<String> names = network.parameters().stream().map(Node.Parameter::name).toList();
    return KernelPlan.of(network, new KernelRequest(kind, false, names));
  }

  @Test
  void theKernelIsThatOfTheSamplesThatItStates() {
    Model model = BenchModels.load("mlp:2-3-2:tanh?seed=1");
    KernelFigures figures =
        KernelBench.run(model, plan(model.graph(), KernelKind.FULL), N, 2, Precision.DOUBLE);
    assertEquals(Shape.of(O * O, N, N), figures.shape());
    double[] expected = new double[O * O * N * N];
    for (int o = 0; o < O; o++) {
      for (int p = 0; p < O; p++) {
        for (int n = 0; n < N; n++) {
          for (int m = 0; m < N; m++) {
            expected[((o * O + p) * N + n) * N + m] = inner(model, o, n, p, m);
          }
        }
      }
    }
    // Samples are made in float.
    assertArrayEquals(expected, figures.values(), 1e-6);
    assertTrue(figures.tile().least() > 0 && figures.tile().least() <= figures.tile().median());
    assertTrue(figures.network().flops() > 0);
  }

  /** The inner product of the gradients of f_o(x_n) and f_p(x_m). */
  private static double inner(Model model, int o, int n, int p, int m) {
    List<double[]> a = gradients(model, o, n);
    List<double[]> b = gradients(model, p, m);
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < a.get(i).length; j++) {
        sum += a.get(i)[j] * b.get(i)[j];
      }
    }
    return sum;
  }

  private static List<double[]> gradients(Model model, int output, int sample) {
    double[] x = {Math.sin(0.1 + 1.7 * sample), Math.sin(0.4 + 1.7 * sample)};
    double[] cotangent = new double[O];
    cotangent[output] = 1;
    List<String> names = model.graph().parameters().stream().map(Node.Parameter::name).toList();
    List<HostTensor> arguments =
        List.of(HostTensor.of(Shape.of(2), x), HostTensor.of(Shape.of(O), cotangent));
    try (Engine engine = new ReferenceEngine()) {
      return engine.evaluate(Vjp.of(model.graph(), names), model.weights(), arguments).stream()
          .map(HostTensor::doubles)
          .toList();
    }
  }

  @Test
  void figuresAsTextAndAsJson() {
    KernelFigures figures =
        new KernelFigures(
            "a net",
            1,
            1,
            1234,
            KernelFigures.Part.of(2e9, 4, 1, 2),
            KernelFigures.Part.of(1e9, 0.5),
            Shape.of(1, 1, 1),
            new double[] {7});
    assertEquals(
        ("a net%nN 1, O 1, P 1,234, one thread%n"
                + "                  s (median)    s (least)        GFLOP    GFLOP/s%n"
                + "network passes      2.000000     1.000000       2.0000        1.0%n"
                + "tile                0.500000     0.500000       1.0000        2.0%n")
            .formatted(),
        figures.text());
    assertEquals(
        "{\"model\":\"a net\",\"samples\":1,\"outputs\":1,\"parameters\":1234,"
            + "\"network\":{\"seconds\":2.0,\"least\":1.0,\"gflop\":2.0,\"gflops\":1.0},"
            + "\"tile\":{\"seconds\":0.5,\"least\":0.5,\"gflop\":1.0,\"gflops\":2.0},"
            + "\"shape\":[1,1,1],\"values\":[7.0]}%n".formatted(),
        figures.json());
  }

  @Test
  void tokenIdsAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("ids", new TensorType(DType.INT, Shape.of(2)));
    Graph graph = builder.build(builder.splat(Shape.of(1), 1));
    Model model = new Model(graph, Weights.none(), "ids", "");
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> KernelBench.run(model, null, N, N, Precision.FLOAT));
    assertEquals(
        "bench kernel: the model takes "
            + graph.inputs().get(0).type()
            + "; expected real features. Measure it by 'tangents gram'",
        e.getMessage());
  }

  @Test
  void theNetworksAreMeasuredByEveryMethod() {
    try (NetworksBench bench = new NetworksBench(1 << 20, 1e5)) {
      List<Row> rows = bench.measure(Perceptron.of(List.of(4L, 3L, 2L)), O);
      int methods = Method.values().length - 1;
      assertEquals(3 + methods, rows.size(), rows::toString);
      for (Row row : rows) {
        assertTrue(row.value() > 0 && Double.isFinite(row.value()), row::toString);
      }
      assertTrue(rows.get(1).name().startsWith("MLP 4-3-2, 2 outputs: tile of "), rows::toString);
    }
  }
}
