package dev.tangents.job.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Jacobians;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.job.config.Choices.Mode;
import dev.tangents.job.config.Choices.Wrt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every chunk of lanes and samples gives the same records, those of one sample by itself. */
class RowExecutorTest {
  private static final int D = 5;
  private static final int O = 3;
  private final Model model =
      Models.load(
          "mlp:5-6-3:tanh?seed=3",
          name -> {
            throw new AssertionError("no file is opened for " + name);
          });
  private final List<double[]> samples = samples();

  private static List<double[]> samples() {
    Random random = new Random(7);
    List<double[]> samples = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      samples.add(random.doubles(D, -1, 1).toArray());
    }
    return samples;
  }

  private static RowRequest request(RowKind kind, Wrt wrt, Mode mode, boolean diagonal) {
    return new RowRequest(kind, wrt, mode, "*", diagonal, List.of());
  }

  private List<RowValues> run(RowRequest request, RowSize size) {
    RowGraph rows = RowGraph.of(model.graph(), request);
    List<RowValues> runs = new ArrayList<>();
    try (ReferenceEngine engine = new ReferenceEngine();
        RowExecutor executor =
            new RowExecutor(engine, rows, model.weights(), size, Precision.DOUBLE)) {
      for (int from = 0; from < samples.size(); from += size.samples()) {
        int to = Math.min(samples.size(), from + size.samples());
        runs.add(executor.run(List.of(samples.subList(from, to))));
      }
    }
    assertEquals(samples.size(), runs.stream().mapToInt(RowValues::samples).sum());
    return runs;
  }

  private double[] expected(Graph derivative, int sample, int result) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      HostTensor x = HostTensor.of(Shape.of(D), samples.get(sample));
      return engine.evaluate(derivative, model.weights(), List.of(x)).get(result).doubles();
    }
  }

  private void assertEqual(Graph derivative, RowRequest request, RowSize size, int step) {
    int sample = 0;
    for (RowValues values : run(request, size)) {
      for (int n = 0; n < values.samples(); n++) {
        for (int part = 0; part < values.parts().size(); part++) {
          int length = values.parts().get(part).size();
          double[] found = new double[length];
          System.arraycopy(values.values(part).doubles(), n * length, found, 0, length);
          double[] all = expected(derivative, sample, part);
          double[] wanted = new double[length];
          for (int i = 0; i < length; i++) {
            wanted[i] = all[step == 1 ? i : i / D * D * D + i % D * step];
          }
          assertArrayEquals(wanted, found, 1e-12);
        }
        sample++;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3,3,5", "2,2,2", "1,1,1", "2,3,4"})
  void jacobianByInputs(int n, int outer, int inner) {
    Graph expected = Jacobians.reverse(model.graph(), List.of("x"));
    assertEqual(
        expected,
        request(RowKind.JACOBIAN, Wrt.INPUTS, Mode.REVERSE, false),
        new RowSize(n, outer, 1),
        1);
    assertEqual(
        expected,
        request(RowKind.JACOBIAN, Wrt.INPUTS, Mode.FORWARD, false),
        new RowSize(n, 1, inner),
        1);
  }

  @ParameterizedTest
  @CsvSource({"3,3", "2,2", "1,1"})
  void jacobianByParameters(int n, int outer) {
    List<String> names = List.copyOf(model.weights().names());
    assertEqual(
        Jacobians.reverse(model.graph(), names),
        request(RowKind.JACOBIAN, Wrt.PARAMS, Mode.AUTO, false),
        new RowSize(n, outer, 1),
        1);
  }

  @ParameterizedTest
  @CsvSource({"3,3,5", "2,2,2", "1,1,1", "2,3,4"})
  void hessianAndItsDiagonal(int n, int outer, int inner) {
    Graph expected = Hessians.reverseOverReverse(model.graph(), List.of("x"));
    RowSize size = new RowSize(n, outer, inner);
    assertEqual(expected, request(RowKind.HESSIAN, Wrt.INPUTS, Mode.AUTO, false), size, 1);
    assertEqual(expected, request(RowKind.HESSIAN, Wrt.INPUTS, Mode.AUTO, true), size, D + 1);
    assertEquals(
        O,
        RowGraph.of(model.graph(), request(RowKind.HESSIAN, Wrt.INPUTS, Mode.AUTO, true))
            .parts()
            .get(0)
            .records());
  }
}
