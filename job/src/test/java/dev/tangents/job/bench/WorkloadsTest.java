package dev.tangents.job.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What {@code bench model} measures; nothing here is timed. */
class WorkloadsTest {
  private static final int N = 3;

  private static Map<String, List<double[]>> values(String spec) {
    Model model = BenchModels.load(spec);
    Map<String, List<double[]>> values = new TreeMap<>();
    try (Engine engine = new ReferenceEngine()) {
      for (Workload quantity : Workloads.of(model.graph(), N)) {
        values.put(
            quantity.name(),
            engine.evaluate(quantity.graph(), model.weights(), quantity.inputs()).stream()
                .map(HostTensor::doubles)
                .toList());
      }
    }
    return values;
  }

  @Test
  void theBatchIsTheOneThatOtherProgramsMake() {
    HostTensor x = Workloads.of(BenchModels.load("mlp:2-2:tanh").graph(), N).get(0).inputs().get(0);
    double[] expected = {
      Math.sin(0.1), Math.sin(0.4), Math.sin(1.8), Math.sin(2.1), Math.sin(3.5), Math.sin(3.8)
    };
    assertArrayEquals(expected, x.doubles(), 1e-15);
  }

  @Test
  void quantitiesOfASquareNetworkFitTogether() {
    Map<String, List<double[]>> values = values("mlp:2-3-2:tanh?seed=1");
    assertEquals(
        List.of(
            "determinant",
            "determinant-loss-gradient",
            "forward",
            "gradient-norms",
            "hessian",
            "hvp",
            "input-jacobian",
            "jvp",
            "laplacian",
            "mean-gradient",
            "parameter-jacobian",
            "per-sample-gradients",
            "projection-512",
            "vjp"),
        List.copyOf(values.keySet()));
    double[] j = values.get("input-jacobian").get(0);
    double[] determinants = new double[N];
    Arrays.setAll(determinants, n -> j[4 * n] * j[4 * n + 3] - j[4 * n + 1] * j[4 * n + 2]);
    assertArrayEquals(determinants, values.get("determinant").get(0), 1e-14);
    double[] h = values.get("hessian").get(0);
    double[] traces = new double[2 * N];
    Arrays.setAll(traces, i -> h[4 * i] + h[4 * i + 3]);
    assertArrayEquals(traces, values.get("laplacian").get(0), 1e-14);
    assertEquals(
        norm(values.get("per-sample-gradients")), norm(values.get("gradient-norms")), 1e-14);
    assertEquals(
        sum(values.get("per-sample-gradients")) / N, sum(values.get("mean-gradient")), 1e-14);
  }

  @Test
  void onlySquareNetworksHaveDeterminants() {
    assertEquals(12, values("mlp:3-2:tanh?seed=1").size());
  }

  private static double norm(List<double[]> results) {
    return Math.sqrt(
        results.stream().flatMapToDouble(Arrays::stream).map(value -> value * value).sum());
  }

  private static double sum(List<double[]> results) {
    return results.stream().flatMapToDouble(Arrays::stream).sum();
  }
}
