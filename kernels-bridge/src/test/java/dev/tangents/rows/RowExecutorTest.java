package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.derivative.Determinants;
import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Jacobians;
import dev.tangents.derivative.Laplacians;
import dev.tangents.derivative.Losses;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.rows.RowRequest.LossRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every chunk of lanes and samples gives the same numbers, those of one sample by itself. */
class RowExecutorTest {
  private static final int N = 3;
  private static final List<RowSize> SIZES =
      List.of(
          RowSize.ofSamples(3),
          new RowSize(2, 2, 2),
          new RowSize(1, 1, 1),
          new RowSize(2, 3, 4),
          new RowSize(8, 9, 9));

  private final Model model = model("mlp:5-6-3:tanh?seed=3");
  private final Map<SampleInput, List<double[]>> samples = samples(5, 3);

  private static Model model(String spec) {
    return Models.load(
        spec,
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  private static Map<SampleInput, List<double[]>> samples(int features, int outputs) {
    Random random = new Random(7);
    Map<SampleInput, List<double[]>> samples = new EnumMap<>(SampleInput.class);
    for (SampleInput content : SampleInput.values()) {
      int length =
          switch (content) {
            case FEATURES, TANGENT -> features;
            case TARGET, COTANGENT -> outputs;
            case WEIGHT -> 1;
          };
      List<double[]> rows = new ArrayList<>();
      for (int n = 0; n < N; n++) {
        rows.add(random.doubles(length, -1, 1).toArray());
      }
      samples.put(content, rows);
    }
    return samples;
  }

  private List<RowBatch> run(Model of, RowPass pass, Weights weights, RowSize size) {
    List<RowBatch> batches = new ArrayList<>();
    try (ReferenceEngine engine = new ReferenceEngine();
        RowExecutor executor = new RowExecutor(engine, pass, weights, size, Precision.DOUBLE)) {
      for (int from = 0; from < N; from += size.samples()) {
        Map<SampleInput, List<double[]>> batch = new EnumMap<>(SampleInput.class);
        int first = from;
        int to = Math.min(N, from + size.samples());
        samples.forEach((content, rows) -> batch.put(content, rows.subList(first, to)));
        batches.add(executor.run(batch));
      }
    }
    assertEquals(
        N, batches.stream().mapToInt(b -> b.values().get(0).samples()).sum(), of::toString);
    return batches;
  }

  private static List<String> parameters(Model of) {
    return List.copyOf(of.weights().names());
  }

  private RowPass pass(Model of, RowRequest... requests) {
    List<RowGraph> graphs = new ArrayList<>();
    for (RowRequest request : requests) {
      graphs.add(RowGraphs.of(of.graph(), parameters(of), request));
    }
    return new RowPass(graphs);
  }

  /** The numbers of the parts that are written, sample by sample, part by part. */
  private static List<double[]> written(List<RowBatch> batches, int quantity) {
    List<double[]> rows = new ArrayList<>();
    for (RowBatch batch : batches) {
      RowValues values = batch.values().get(quantity);
      for (int n = 0; n < values.samples(); n++) {
        DoubleStream row = DoubleStream.empty();
        for (int part = 0; part < values.parts().size(); part++) {
          int length = values.parts().get(part).size();
          double[] all = values.values(part).doubles();
          row = DoubleStream.concat(row, Arrays.stream(all, n * length, (n + 1) * length));
        }
        rows.add(row.toArray());
      }
    }
    return rows;
  }

  /** All results of a graph of one sample, one after the other. */
  private double[] alone(Model of, Graph graph, int sample, SampleInput... inputs) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      List<HostTensor> arguments = new ArrayList<>();
      for (int i = 0; i < inputs.length; i++) {
        arguments.add(
            HostTensor.of(
                graph.inputs().get(i).type().shape(), samples.get(inputs[i]).get(sample)));
      }
      return engine.evaluate(graph, of.weights(), arguments).stream()
          .flatMapToDouble(result -> DoubleStream.of(result.doubles()))
          .toArray();
    }
  }

  private void assertSame(Model of, Graph expected, RowRequest request, SampleInput... inputs) {
    for (RowSize size : SIZES) {
      List<double[]> rows = written(run(of, pass(of, request), of.weights(), size), 0);
      for (int n = 0; n < N; n++) {
        assertArrayEquals(
            alone(of, expected, n, inputs), rows.get(n), 1e-12, request.quantity() + " " + size);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FORWARD", "REVERSE"})
  void jacobianByInputs(Mode mode) {
    assertSame(
        model,
        Jacobians.reverse(model.graph(), List.of("x")),
        RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(mode),
        SampleInput.FEATURES);
  }

  @Test
  void jacobianByParameters() {
    assertSame(
        model,
        Jacobians.reverse(model.graph(), parameters(model)),
        RowRequest.of(Quantity.PARAMETER_JACOBIAN),
        SampleInput.FEATURES);
  }

  @ParameterizedTest
  @EnumSource
  void hessian(Order order) {
    assertSame(
        model,
        Hessians.reverseOverReverse(model.graph(), List.of("x")),
        RowRequest.of(Quantity.HESSIAN).withOrder(order),
        SampleInput.FEATURES);
  }

  @Test
  void diagonalOfHessian() {
    Graph hessian = Hessians.reverseOverReverse(model.graph(), List.of("x"));
    for (RowSize size : SIZES) {
      RowPass pass = pass(model, RowRequest.of(Quantity.HESSIAN_DIAGONAL));
      List<double[]> rows = written(run(model, pass, model.weights(), size), 0);
      for (int n = 0; n < N; n++) {
        double[] h = alone(model, hessian, n, SampleInput.FEATURES);
        double[] diagonal =
            IntStream.range(0, 15).mapToDouble(i -> h[i / 5 * 25 + i % 5 * 6]).toArray();
        assertArrayEquals(diagonal, rows.get(n), 1e-12);
      }
    }
  }

  @Test
  void laplacianAndDeterminant() {
    assertSame(
        model,
        Laplacians.of(model.graph(), "x"),
        RowRequest.of(Quantity.LAPLACIAN),
        SampleInput.FEATURES);
    Model square = model("mlp:5-4-5:tanh?seed=8");
    assertSame(
        square,
        Determinants.of(square.graph(), "x"),
        RowRequest.of(Quantity.DETERMINANT),
        SampleInput.FEATURES);
  }

  @ParameterizedTest
  @CsvSource({"JVP", "VJP", "HVP"})
  void products(Quantity quantity) {
    double[] j =
        alone(model, Jacobians.reverse(model.graph(), List.of("x")), 1, SampleInput.FEATURES);
    double[] h =
        alone(
            model,
            Hessians.reverseOverReverse(model.graph(), List.of("x")),
            1,
            SampleInput.FEATURES);
    double[] v = samples.get(SampleInput.TANGENT).get(1);
    double[] w = samples.get(SampleInput.COTANGENT).get(1);
    double[] expected =
        switch (quantity) {
          case JVP -> sums(3, 5, (o, i) -> j[5 * o + i] * v[i]);
          case VJP -> sums(5, 3, (i, o) -> j[5 * o + i] * w[o]);
          default -> sums(5, 15, (i, k) -> h[25 * (k / 5) + 5 * i + k % 5] * v[k % 5] * w[k / 5]);
        };
    for (boolean constant : new boolean[] {false, true}) {
      List<Direction> tangent = List.of(direction("tangent", constant, v));
      List<Direction> cotangent = List.of(direction("cotangent", constant, w));
      RowRequest request = RowRequest.of(quantity).withDirections(tangent, cotangent);
      for (RowSize size : SIZES) {
        double[] found = written(run(model, pass(model, request), model.weights(), size), 0).get(1);
        assertArrayEquals(expected, found, 1e-12);
      }
    }
  }

  @Test
  void hvpOfEachOutput() {
    double[] h =
        alone(
            model,
            Hessians.reverseOverReverse(model.graph(), List.of("x")),
            2,
            SampleInput.FEATURES);
    double[] v = samples.get(SampleInput.TANGENT).get(2);
    RowRequest request =
        RowRequest.of(Quantity.HVP)
            .withDirections(List.of(Direction.ofEachSample("tangent")), List.of());
    for (RowSize size : SIZES) {
      RowPass pass = pass(model, request);
      assertEquals(List.of(3, 5), pass.graphs().get(0).parts().get(0).shape());
      assertArrayEquals(
          sums(15, 5, (r, i) -> h[5 * r + i] * v[i]),
          written(run(model, pass, model.weights(), size), 0).get(2),
          1e-12);
    }
  }

  private static Direction direction(String flag, boolean constant, double... numbers) {
    return constant
        ? new Direction(flag, DoubleStream.of(numbers).boxed().toList())
        : Direction.ofEachSample(flag);
  }

  private interface Term {
    double of(int row, int index);
  }

  private static double[] sums(int rows, int length, Term term) {
    return IntStream.range(0, rows)
        .mapToDouble(r -> IntStream.range(0, length).mapToDouble(i -> term.of(r, i)).sum())
        .toArray();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void gradientsOfEachSampleAndTheirNorms(boolean weighted) {
    LossRequest loss = new LossRequest(LossKind.HALF_MSE, 1, weighted, Double.POSITIVE_INFINITY);
    Graph graph = Losses.on(model.graph(), Losses.halfMeanSquare());
    SampleInput[] inputs = {SampleInput.FEATURES, SampleInput.TARGET};
    if (weighted) {
      graph = Losses.weighted(graph);
      inputs = SampleInput.values().clone();
      inputs = new SampleInput[] {inputs[0], inputs[1], inputs[2]};
    }
    List<String> names = parameters(model);
    assertSame(
        model,
        Gradients.of(graph, names),
        RowRequest.of(Quantity.PER_SAMPLE_GRADIENTS).withLoss(loss),
        inputs);
    assertSame(
        model,
        GradientNorms.of(graph, names),
        RowRequest.of(Quantity.GRADIENT_NORMS).withLoss(loss),
        inputs);
  }

  @ParameterizedTest
  @CsvSource({"Infinity", "0.05"})
  void sumOfGradients(double clip) {
    LossRequest loss = new LossRequest(LossKind.MSE, 1, true, clip);
    Graph graph = Losses.weighted(model.graph(), Losses.meanSquare());
    Graph gradient = Gradients.of(graph, parameters(model));
    double[] expected = new double[(int) model.parameterCount()];
    for (int n = 0; n < N; n++) {
      double[] row =
          alone(model, gradient, n, SampleInput.FEATURES, SampleInput.TARGET, SampleInput.WEIGHT);
      double norm =
          Math.sqrt(IntStream.range(1, row.length).mapToDouble(i -> row[i] * row[i]).sum());
      for (int i = 0; i < expected.length; i++) {
        expected[i] += row[i + 1] * Math.min(1, clip / norm);
      }
    }
    RowRequest request = RowRequest.of(Quantity.GRADIENT).withLoss(loss);
    for (RowSize size : SIZES) {
      assertArrayEquals(
          expected, total(run(model, pass(model, request), model.weights(), size)), 1e-12);
    }
  }

  /** H v against central differences of the gradient along v: an error of h^2, and rounding / h. */
  @Test
  void hvpByParameters() {
    Random random = new Random(5);
    Map<String, Literal> both = new LinkedHashMap<>();
    Map<String, Literal> ahead = new LinkedHashMap<>();
    Map<String, Literal> behind = new LinkedHashMap<>();
    double h = 1e-5;
    for (String name : parameters(model)) {
      Literal w = model.weights().get(name);
      double[] v = random.doubles(w.toArray().length, -1, 1).toArray();
      both.put(name, w);
      both.put(LossQuantities.direction(name), Literal.of(w.type(), v));
      ahead.put(name, moved(w, h, v));
      behind.put(name, moved(w, -h, v));
    }
    LossRequest loss =
        new LossRequest(LossKind.SOFTMAX_CROSS_ENTROPY, 1, true, Double.POSITIVE_INFINITY);
    RowPass gradient = pass(model, RowRequest.of(Quantity.GRADIENT).withLoss(loss));
    RowPass hvp = pass(model, RowRequest.of(Quantity.PARAMETER_HVP).withLoss(loss));
    double[] up = total(run(model, gradient, Weights.of(ahead), RowSize.ofSamples(N)));
    double[] down = total(run(model, gradient, Weights.of(behind), RowSize.ofSamples(N)));
    double[] expected =
        IntStream.range(0, up.length).mapToDouble(i -> (up[i] - down[i]) / (2 * h)).toArray();
    for (RowSize size : SIZES) {
      assertArrayEquals(expected, total(run(model, hvp, Weights.of(both), size)), 1e-8);
    }
  }

  private static Literal moved(Literal w, double h, double... v) {
    double[] values = w.toArray();
    return Literal.of(
        w.type(), IntStream.range(0, v.length).mapToDouble(i -> values[i] + h * v[i]).toArray());
  }

  private static double[] total(List<RowBatch> batches) {
    double[] total = null;
    for (RowBatch batch : batches) {
      double[] part =
          batch.sums().get(0).stream().flatMapToDouble(s -> DoubleStream.of(s.doubles())).toArray();
      double[] before = total;
      total =
          before == null
              ? part
              : IntStream.range(0, part.length).mapToDouble(i -> before[i] + part[i]).toArray();
    }
    return total;
  }

  /** Several quantities in one pass give what each gives by itself, and share the network. */
  @Test
  void severalInOnePass() {
    RowRequest[] requests = {
      RowRequest.of(Quantity.GRADIENT_NORMS),
      RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(Mode.REVERSE),
      RowRequest.of(Quantity.LAPLACIAN),
      RowRequest.of(Quantity.GRADIENT)
    };
    RowSize size = RowSize.ofSamples(2);
    RowPass pass = pass(model, requests);
    List<RowBatch> together = run(model, pass, model.weights(), size);
    int nodes = 0;
    for (int q = 0; q < requests.length; q++) {
      RowPass single = pass(model, requests[q]);
      nodes += single.over(size).nodes().size();
      List<RowBatch> alone = run(model, single, model.weights(), size);
      List<double[]> expected = written(alone, 0);
      List<double[]> found = written(together, q);
      for (int n = 0; n < N; n++) {
        assertArrayEquals(expected.get(n), found.get(n), 1e-14);
      }
    }
    int joined = pass.over(size).nodes().size();
    int network = Jacobians.reverse(model.graph(), List.of("x")).nodes().size();
    int all = nodes;
    assertTrue(joined <= all - network / 2, () -> joined + " nodes joined, " + all + " apart");
  }
}
