package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernel terms against an explicit J J^T, for every way in which a parameter can meet a sample. */
class KernelTermTest {
  private static final int N = 5;
  private static final int M = 3;

  static Stream<Arguments> cases() {
    return TestNetworks.all().entrySet().stream()
        .flatMap(
            network ->
                Arrays.stream(KernelKind.values())
                    .flatMap(
                        kind ->
                            Arrays.stream(Method.values())
                                .map(m -> arguments(network.getKey(), kind, m))));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void everyComponentEqualsTheExplicitProduct(String name, KernelKind kind, Method method) {
    Graph network = TestNetworks.all().get(name);
    Weights weights = weights(network, 7);
    List<String> parameters = network.parameters().stream().map(Node.Parameter::name).toList();
    KernelPlan plan = KernelPlan.of(network, new KernelRequest(kind, true, parameters, method));
    double[] x = random(N * TestNetworks.D, 1);
    double[] y = random(M * TestNetworks.D, 2);
    try (ReferenceEngine engine = new ReferenceEngine();
        GramKernel kernel = new GramKernel(engine, plan, weights, 2);
        Panel rows = kernel.panel(HostTensor.of(Shape.of(N, TestNetworks.D), x));
        Panel columns = kernel.panel(HostTensor.of(Shape.of(M, TestNetworks.D), y))) {
      TileResult tile = kernel.tile(rows, columns);
      for (int p = 0; p < parameters.size(); p++) {
        double[][][] jx = jacobian(engine, network, weights, parameters.get(p), x);
        double[][][] jy = jacobian(engine, network, weights, parameters.get(p), y);
        double[] expected = kernel(kind, jx, jy);
        double[] actual = tile.block(p).read().doubles();
        double size = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        assertEquals(expected.length, actual.length, parameters.get(p));
        for (int i = 0; i < expected.length; i++) {
          assertEquals(
              expected[i], actual[i], 1e-12 * Math.max(size, 1e-3), parameters.get(p) + " at " + i);
        }
      }
    }
  }

  /** Else a tile would have a product for each of the 11 x 11 pairs of steps. */
  @Test
  void stepsOfARecurrenceArePositionsOfOneUse() {
    Graph network = TestNetworks.all().get("recurrence");
    KernelRequest request =
        new KernelRequest(KernelKind.TRACE, true, List.of("R"), Method.INPUTS_FIRST);
    TermPlan plan =
        KernelPlan.of(network, request).terms(2, 2, new Roofline(Rates.REFERENCE, 8)).get(0);
    assertEquals(Method.INPUTS_FIRST, plan.method());
    assertEquals(1, plan.uses());
    assertEquals(11 * (5 + 3 * 5), plan.numbersPerSample());
  }

  static Stream<Arguments> passes() {
    return TestNetworks.all().keySet().stream()
        .flatMap(
            name ->
                Stream.of(KernelKind.TRACE, KernelKind.PER_OUTPUT)
                    .flatMap(kind -> Stream.of(1, 2).map(lanes -> arguments(name, kind, lanes))));
  }

  /** Two lanes of three outputs leave a lane over in the last pass. */
  @ParameterizedTest(name = "{0}, {1}, {2} lanes")
  @MethodSource("passes")
  void tileInPassesIsTheTileOfAllOutputs(String name, KernelKind kind, int lanes) {
    Graph network = TestNetworks.all().get(name);
    List<String> parameters = network.parameters().stream().map(Node.Parameter::name).toList();
    KernelRequest request = new KernelRequest(kind, true, parameters);
    HostTensor x = HostTensor.of(Shape.of(N, TestNetworks.D), random(N * TestNetworks.D, 1));
    HostTensor y = HostTensor.of(Shape.of(M, TestNetworks.D), random(M * TestNetworks.D, 2));
    List<HostTensor> whole = assembled(network, request, x, y);
    List<HostTensor> parts = assembled(network, request.planned(2, lanes), x, y);
    for (int p = 0; p < parameters.size(); p++) {
      double[] expected = whole.get(p).doubles();
      assertEquals(whole.get(p).shape(), parts.get(p).shape());
      double size = Math.max(1e-3, Arrays.stream(expected).map(Math::abs).max().orElse(0));
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], parts.get(p).doubles()[i], 1e-12 * size, parameters.get(p));
      }
    }
  }

  /** What lies in the arrays that a tile goes to is not part of it. */
  @ParameterizedTest
  @CsvSource({"TRACE, 2", "PER_OUTPUT, 1", "FULL, 3"})
  void tileInUsedArraysIsTheSame(KernelKind kind, int lanes) {
    Graph network = TestNetworks.all().values().iterator().next();
    List<String> parameters = network.parameters().stream().map(Node.Parameter::name).toList();
    KernelRequest request = new KernelRequest(kind, true, parameters).planned(2, lanes);
    HostTensor x = HostTensor.of(Shape.of(N, TestNetworks.D), random(N * TestNetworks.D, 1));
    HostTensor y = HostTensor.of(Shape.of(M, TestNetworks.D), random(M * TestNetworks.D, 2));
    List<HostTensor> expected = assembled(network, request, x, y);
    HostArrays arrays = new HostArrays(1000);
    for (HostTensor tensor : expected) {
      for (int numbers = N * M; numbers <= tensor.shape().size(); numbers += N * M) {
        HostTensor dirty = HostTensor.zeros(Shape.of(numbers), Precision.DOUBLE);
        Arrays.fill(dirty.doubles(), Double.NaN);
        arrays.give(dirty);
        arrays.give(HostTensor.of(dirty.shape(), dirty.doubles().clone()));
      }
    }
    List<HostTensor> used = assembled(network, request, x, y, arrays);
    for (int c = 0; c < expected.size(); c++) {
      assertArrayEquals(expected.get(c).doubles(), used.get(c).doubles());
    }
  }

  private static List<HostTensor> assembled(
      Graph network, KernelRequest request, HostTensor x, HostTensor y) {
    return assembled(network, request, x, y, new HostArrays(0));
  }

  private static List<HostTensor> assembled(
      Graph network, KernelRequest request, HostTensor x, HostTensor y, HostArrays arrays) {
    KernelPlan plan = KernelPlan.of(network, request);
    TileAssembly tile = new TileAssembly(plan, arrays);
    try (ReferenceEngine engine = new ReferenceEngine();
        GramKernel kernel = new GramKernel(engine, plan, weights(network, 7), 2)) {
      for (int pass = 0; pass < plan.passes(); pass++) {
        try (Panel rows = kernel.panel(x, pass);
            Panel columns = kernel.panel(y, pass)) {
          tile.add(pass, kernel.tile(rows, columns));
        }
      }
    }
    return tile.components();
  }

  static Stream<Arguments> networksAndKinds() {
    return TestNetworks.all().keySet().stream()
        .flatMap(name -> Arrays.stream(KernelKind.values()).map(kind -> arguments(name, kind)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("networksAndKinds")
  void summedTileIsTheSumOfItsComponents(String name, KernelKind kind) {
    Graph network = TestNetworks.all().get(name);
    List<double[]> parts = blocks(network, kind, true);
    double[] whole = blocks(network, kind, false).get(0);
    for (int i = 0; i < whole.length; i++) {
      double sum = 0;
      double size = 1e-12;
      for (double[] part : parts) {
        sum += part[i];
        size = Math.max(size, Math.abs(part[i]));
      }
      assertEquals(sum, whole[i], 1e-12 * size, "entry " + i);
    }
  }

  private static List<double[]> blocks(Graph network, KernelKind kind, boolean components) {
    List<String> parameters = network.parameters().stream().map(Node.Parameter::name).toList();
    KernelPlan plan = KernelPlan.of(network, new KernelRequest(kind, components, parameters));
    HostTensor samples = HostTensor.of(Shape.of(N, TestNetworks.D), random(N * TestNetworks.D, 1));
    try (ReferenceEngine engine = new ReferenceEngine();
        GramKernel kernel = new GramKernel(engine, plan, weights(network, 3), 8);
        Panel panel = kernel.panel(samples)) {
      TileResult tile = kernel.tile(panel, panel);
      List<double[]> blocks = new ArrayList<>();
      for (int c = 0; c < plan.components().size(); c++) {
        blocks.add(tile.block(c).read().doubles());
      }
      return blocks;
    }
  }

  @Test
  void denseParametersAndTiedOnesKeepTheFactorForm() {
    Map<String, Method> expected = new LinkedHashMap<>();
    for (String name :
        List.of("dense with bias", "c W", "W^T by axes", "fused slices", "W twice", "W and W^T")) {
      expected.put(name, Method.INPUTS_FIRST);
    }
    for (String name : List.of("embedding", "embedding tied to the head")) {
      expected.put(name, Method.INPUTS_FIRST);
    }
    for (String name : List.of("overlapping slices", "W + B A", "half an embedding")) {
      expected.put(name, Method.GRADIENT_FIRST);
    }
    expected.forEach(
        (name, method) -> {
          Graph network = TestNetworks.all().get(name);
          KernelPlan plan =
              KernelPlan.of(
                  network,
                  new KernelRequest(KernelKind.TRACE, false, List.of("W"), Method.INPUTS_FIRST));
          assertEquals(method, plan.methods().get("W"), name);
        });
  }

  @Test
  void readoutCotangentIsNeverBuilt() {
    Graph network = TestNetworks.all().get("dense with bias");
    KernelPlan plan =
        KernelPlan.of(network, new KernelRequest(KernelKind.TRACE, false, List.of("V", "d")));
    // Only the readout's input is kept for a sample; its delta is the identity and folds into the
    // number O.
    assertEquals(5, plan.factorNumbers());
  }

  @Test
  void scaledBiasSharesTheCotangentOfTheWeightsBesideIt() {
    Graph network = TestNetworks.all().get("scaled bias");
    KernelPlan both =
        KernelPlan.of(network, new KernelRequest(KernelKind.TRACE, false, List.of("W", "b")));
    KernelPlan weight =
        KernelPlan.of(network, new KernelRequest(KernelKind.TRACE, false, List.of("W")));
    assertEquals(weight.factorNumbers(), both.factorNumbers());
  }

  private static double[] kernel(KernelKind kind, double[][][] a, double[][][] b) {
    int outputs = a[0].length;
    List<Double> values = new ArrayList<>();
    int rowOutputs = kind == KernelKind.TRACE || kind == KernelKind.SUM ? 1 : outputs;
    int columnOutputs = kind == KernelKind.FULL ? outputs : 1;
    for (int o = 0; o < rowOutputs; o++) {
      for (int p = 0; p < columnOutputs; p++) {
        for (double[][] row : a) {
          for (double[][] column : b) {
            values.add(entry(kind, row, column, o, p));
          }
        }
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double entry(KernelKind kind, double[][] row, double[][] column, int o, int p) {
    double sum = 0;
    switch (kind) {
      case FULL -> sum = dot(row[o], column[p]);
      case PER_OUTPUT -> sum = dot(row[o], column[o]);
      case TRACE -> {
        for (int k = 0; k < row.length; k++) {
          sum += dot(row[k], column[k]);
        }
      }
      case SUM -> {
        for (double[] left : row) {
          for (double[] right : column) {
            sum += dot(left, right) / row.length;
          }
        }
      }
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** [sample][output][parameter], one cotangent and one sample at a time. */
  private static double[][][] jacobian(
      ReferenceEngine engine, Graph network, Weights weights, String parameter, double[] x) {
    Graph pulled = Batch.of(Vjp.of(network, List.of(parameter)), Set.of("cotangent"), 1);
    int outputs = network.outputTypes().get(0).shape().intSize();
    double[][][] jacobian = new double[x.length / TestNetworks.D][outputs][];
    for (int n = 0; n < jacobian.length; n++) {
      double[] row = Arrays.copyOfRange(x, n * TestNetworks.D, (n + 1) * TestNetworks.D);
      for (int o = 0; o < outputs; o++) {
        double[] seed = new double[outputs];
        seed[o] = 1;
        jacobian[n][o] =
            engine
                .evaluate(
                    pulled,
                    weights,
                    List.of(
                        HostTensor.of(Shape.of(TestNetworks.D), row),
                        HostTensor.of(Shape.of(1, outputs), seed)))
                .get(0)
                .doubles();
      }
    }
    return jacobian;
  }

  static Weights weights(Graph network, long seed) {
    Random random = new Random(seed);
    Map<String, Literal> values = new LinkedHashMap<>();
    for (Node.Parameter parameter : network.parameters()) {
      double[] numbers = random.doubles(parameter.type().shape().size(), -1, 1).toArray();
      values.put(parameter.name(), Literal.of(parameter.type(), numbers));
    }
    return Weights.of(values);
  }

  private static double[] random(int count, long seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }
}
