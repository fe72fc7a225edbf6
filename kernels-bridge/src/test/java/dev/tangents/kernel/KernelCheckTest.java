package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Sqrt.sqrt;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.reduce.Sum.sum;
import static dev.tangents.op.shape.Broadcast.broadcast;
import static dev.tangents.op.shape.Reshape.reshape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.check.KernelCheck;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Golden;
import dev.tangents.testkit.GoldenFile;
import dev.tangents.testkit.Vectors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Entries of kernels against products of Jacobians: what passes and what is caught. */
class KernelCheckTest {
  private static final double DOUBLE = 1e-14;
  private static final double FLOAT = 2e-6;

  /** What a wrong entry gives at least, in kernels of a few samples. */
  private static final double CAUGHT = 1e-3;

  /** Samples at once: more than any test has, so that there is padding. */
  private static final int K = 4;

  private static final long SEED = 11;

  /** A kernel of some samples with others, and its check. */
  private record Case(
      Engine engine,
      Graph network,
      Weights weights,
      KernelRequest request,
      HostTensor rows,
      HostTensor columns) {
    Case(Engine engine, Graph network, KernelKind kind) {
      this(
          engine,
          network,
          KernelTermTest.weights(network, 5),
          new KernelRequest(kind, false, Grams.parameters(network)),
          samples(0, 3),
          samples(3, 5));
    }

    Case with(KernelRequest other) {
      return new Case(engine, network, weights, other, rows, columns);
    }

    GramKernel kernel() {
      return new GramKernel(engine, KernelPlan.of(network, request), weights, 2);
    }

    HostTensor block() {
      try (GramKernel kernel = kernel();
          Panel left = kernel.panel(rows());
          Panel right = kernel.panel(columns())) {
        return kernel.tile(left, right).block(0).read();
      }
    }

    KernelCheck check() {
      return new KernelCheck(engine, network, request, weights, K);
    }

    double residual(List<HostTensor> blocks) {
      try (KernelCheck check = check()) {
        return check.residual(rows(), columns(), blocks, SEED);
      }
    }
  }

  /** Samples {@code from} to {@code to} - 1 of ever the same. */
  private static HostTensor samples(int from, int to) {
    double[] all = Vectors.normal(new Random(3), 10 * TestNetworks.D);
    double[] some = Arrays.copyOfRange(all, from * TestNetworks.D, to * TestNetworks.D);
    return HostTensor.of(Shape.of(to - from, TestNetworks.D), some);
  }

  @ParameterizedTest
  @EnumSource(KernelKind.class)
  void kernelsPass(KernelKind kind) {
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        Map<String, Graph> networks = TestNetworks.all();
        if (kind == KernelKind.SUM) {
          networks.remove("softmax head"); // its outputs' sum is constant, and K all rounding
        }
        networks.forEach(
            (name, network) -> {
              Case sound = new Case(engine, network, kind);
              double residual = sound.residual(List.of(sound.block()));
              assertPasses(engine, residual, name + ", " + entry);
            });
      }
    }
  }

  private static void assertPasses(Engine engine, double residual, String what) {
    double bound = engine.precision() == Precision.DOUBLE ? DOUBLE : FLOAT;
    assertTrue(residual <= bound, what + ": " + residual);
  }

  @ParameterizedTest
  @MethodSource("dev.tangents.testkit.GoldenFile#networks")
  void kernelsOfTrainedNetworksPass(GoldenFile file) throws IOException {
    double[][] x = file.golden().rows("inputs").toArray(new double[0][]);
    assertTrained(file.load(), x, file.toString());
  }

  @ParameterizedTest
  @CsvSource({"conditioned, 0", "masked, batch", "time-first, 1"})
  void kernelsOfSeveralInputsPass(String network, String axis) throws IOException {
    Model model =
        Models.load(
            Golden.path("/onnx/" + network + "-torchscript.onnx").toString(),
            LocalFile::at,
            ImportOptions.defaults().withBatchAxes(BatchAxes.parse(axis)));
    Golden golden = Golden.of("/onnx/" + network + ".json");
    assertTrained(model, golden.rows("inputs").toArray(new double[0][]), network);
  }

  private static void assertTrained(Model model, double[][] x, String what) {
    for (Precision precision : Precision.values()) {
      try (Engine engine = Engines.forMany(precision)) {
        KernelRequest request =
            new KernelRequest(KernelKind.TRACE, false, Grams.parameters(model.graph()));
        KernelPlan plan = KernelPlan.of(model.graph(), request);
        try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), 3);
            Panel panel = kernel.panel(Grams.rows(x));
            KernelCheck check =
                new KernelCheck(engine, model.graph(), request, model.weights(), x.length + 1)) {
          HostTensor block = kernel.tile(panel, panel).block(0).read();
          double residual = check.residual(Grams.rows(x), Grams.rows(x), List.of(block), SEED);
          assertPasses(engine, residual, what + ", " + precision);
        }
      }
    }
  }

  @Test
  void componentsAreAddedUp() {
    try (Engine engine = new ReferenceEngine()) {
      Case whole = new Case(engine, TestNetworks.all().get("positions"), KernelKind.TRACE);
      List<String> parameters = whole.request().parameters();
      KernelRequest apart = new KernelRequest(KernelKind.TRACE, true, parameters);
      Case parts = whole.with(apart);
      try (GramKernel kernel = parts.kernel();
          Panel left = kernel.panel(parts.rows());
          Panel right = kernel.panel(parts.columns())) {
        TileResult tile = kernel.tile(left, right);
        List<HostTensor> blocks =
            IntStream.range(0, parameters.size()).mapToObj(i -> tile.block(i).read()).toList();
        assertTrue(parts.residual(blocks) <= DOUBLE);
        assertTrue(parts.residual(blocks.subList(1, blocks.size())) > CAUGHT);
      }
    }
  }

  /**
   * One wrong number in one factor of one sample: seen from rows R that have it, not from others.
   */
  @ParameterizedTest
  @EnumSource(KernelKind.class)
  void oneWrongEntryOfAFactorIsCaught(KernelKind kind) {
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get()) {
        Case sound = new Case(engine, TestNetworks.all().get("positions"), kind);
        try (GramKernel kernel = sound.kernel();
            Panel left = kernel.panel(sound.rows());
            Panel right = kernel.panel(sound.columns());
            KernelCheck check = sound.check()) {
          for (DeviceTensor factor : left.factors()) {
            HostTensor before = factor.read();
            double[] after = before.doubles().clone();
            after[after.length / 2] += 0.5; // of sample 1
            factor.write(HostTensor.of(before.shape(), after));
            HostTensor block = kernel.tile(left, right).block(0).read();
            String what = kind + ", " + entry + ", factor " + before.shape();
            double all = check.residual(sound.rows(), sound.columns(), List.of(block), SEED);
            assertTrue(all > CAUGHT, what + ": " + all);
            HostTensor first = samples(0, 1);
            List<HostTensor> others = List.of(firstRow(block));
            double other = check.residual(first, sound.columns(), others, SEED);
            assertPasses(engine, other, what + ", row 0");
            factor.write(before);
          }
        }
      }
    }
  }

  /** [B, 1, c] of [B, r, c]. */
  private static HostTensor firstRow(HostTensor block) {
    int r = (int) block.shape().dim(1);
    int c = (int) block.shape().dim(2);
    double[] rows = new double[block.shape().intSize() / r];
    Arrays.setAll(rows, i -> block.at(i / c * r * c + i % c));
    return HostTensor.of(block.shape().remove(1).insert(1, 1), rows);
  }

  @ParameterizedTest
  @EnumSource(KernelKind.class)
  void oneWrongEntryIsCaughtWhereverItIs(KernelKind kind) {
    try (Engine engine = new ReferenceEngine()) {
      Case sound = new Case(engine, TestNetworks.all().get("dense with bias"), kind);
      HostTensor block = sound.block();
      double most = Vectors.largest(block.doubles());
      for (int i = 0; i < block.shape().intSize(); i++) {
        double[] wrong = block.doubles().clone();
        wrong[i] += 0.1 * most;
        double residual = sound.residual(List.of(HostTensor.of(block.shape(), wrong)));
        assertTrue(residual > CAUGHT, kind + ", entry " + i + ": " + residual);
      }
    }
  }

  @Test
  void whatIsNotFiniteIsInfinitelyWrong() {
    try (Engine engine = new ReferenceEngine()) {
      Case sound = new Case(engine, TestNetworks.all().get("deep linear"), KernelKind.TRACE);
      HostTensor block = sound.block();
      for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        double[] wrong = block.doubles().clone();
        wrong[0] = value;
        assertInfinite(sound.residual(List.of(HostTensor.of(block.shape(), wrong))));
        double[] x = sound.columns().doubles().clone();
        x[0] = value;
        HostTensor columns = HostTensor.of(sound.columns().shape(), x);
        Case broken =
            new Case(
                engine, sound.network(), sound.weights(), sound.request(), sound.rows(), columns);
        assertInfinite(broken.residual(List.of(block)));
      }
    }
  }

  private static void assertInfinite(double residual) {
    assertEquals(Double.POSITIVE_INFINITY, residual);
  }

  @Test
  void nothingIsRightOnlyIfNothingIsExpected() {
    try (Engine engine = new ReferenceEngine()) {
      Case whole = new Case(engine, TestNetworks.all().get("unused parameter"), KernelKind.TRACE);
      HostTensor zeros = HostTensor.of(Shape.of(1, 3, 2), new double[6]);
      assertEquals(Double.POSITIVE_INFINITY, whole.residual(List.of(zeros)));
      for (List<String> parameters : List.of(List.<String>of(), List.of("spare"))) {
        Case none = whole.with(new KernelRequest(KernelKind.PER_OUTPUT, false, parameters));
        HostTensor block = none.block();
        assertEquals(0, none.residual(List.of(block)), parameters.toString());
        double[] wrong = block.doubles().clone();
        wrong[1] = 1e-9;
        assertEquals(1, none.residual(List.of(HostTensor.of(block.shape(), wrong))));
      }
    }
  }

  /** A network whose derivative at a sample of zeros is 0 / 0. */
  @Test
  void paddingIsWhereTheNetworkHasADerivative() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", TensorType.real(TestNetworks.D));
    Value unit = div(x, broadcast(sqrt(sum(mul(x, x), 0)), x.shape(), List.of()));
    Value w = b.parameter("W", TensorType.real(TestNetworks.D, 3));
    Graph network = b.build(reshape(matMul(reshape(unit, 1, TestNetworks.D), w), 3));
    try (Engine engine = new ReferenceEngine()) {
      Case sound = new Case(engine, network, KernelKind.FULL);
      assertTrue(sound.residual(List.of(sound.block())) <= DOUBLE);
    }
  }

  /** y = x W has J^T v and J u of 2 k D O = 384 operations each, and nothing else. */
  @ParameterizedTest
  @CsvSource({"FULL, 1", "TRACE, 3", "PER_OUTPUT, 3"})
  void operationsAreThoseOfTwoProductsForEachPass(KernelKind kind, int passes) {
    GraphBuilder b = new GraphBuilder();
    Value x = reshape(b.input("x", TensorType.real(4)), 1, 4);
    Graph network = b.build(reshape(matMul(x, b.parameter("W", TensorType.real(4, 3))), 3));
    KernelRequest request = new KernelRequest(kind, false, List.of("W"));
    assertEquals(passes * 768.0, KernelCheck.flops(network, request, 16));
    double free = Double.POSITIVE_INFINITY;
    Roofline arithmetic = new Roofline(new Rates(2, free, free, 0), 4);
    assertEquals(passes * 384.0, KernelCheck.seconds(network, request, 16, arithmetic));
  }

  @Test
  void memoryIsCountedAndFreed() {
    try (Engine engine = Engines.forMany(Precision.FLOAT)) {
      Case any = new Case(engine, TestNetworks.all().get("convolution"), KernelKind.TRACE);
      try (KernelCheck check = any.check()) {
        assertEquals(engine.liveBytes(), check.bytes());
      }
      assertEquals(0, engine.liveBytes());
    }
  }

  @Test
  void samplesOfAnotherWidthOrTooManyAreRefused() {
    try (Engine engine = new ReferenceEngine()) {
      Case any = new Case(engine, TestNetworks.all().get("deep linear"), KernelKind.TRACE);
      HostTensor narrow = HostTensor.of(Shape.of(2, 3), new double[6]);
      HostTensor many = samples(0, K + 1);
      HostTensor block = any.block();
      try (KernelCheck check = any.check()) {
        for (HostTensor wrong : List.of(narrow, many)) {
          assertThrows(
              TangentsException.class,
              () -> check.residual(wrong, any.columns(), List.of(block), SEED));
        }
        assertThrows(
            TangentsException.class,
            () -> check.residual(any.columns(), any.columns(), List.of(block), SEED));
      }
    }
  }
}
