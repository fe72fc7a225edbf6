package dev.tangents.job.bench;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.shape.Concat.concat;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.nd4j.HandwrittenLoop;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Method;
import dev.tangents.kernel.Panel;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Vjp;
import java.util.List;
import java.util.Set;

/**
 * Case S0 at N = 64 and width 4096: the Jacobian and the Gram matrix of f(x) = (1/m) sum_j a_j
 * relu(w_j . x), by a loop over hidden units (as one writes it with ND4J's arrays, and prepared
 * once on our engine), by one batched computation of the Jacobian, and in factor form. All must
 * agree, and the largest difference is a row.
 */
final class MeanFieldBench {
  private static final int N = 64;
  private static final int D = 3;
  private static final int UNITS = 4096;

  private final Engine engine;
  private final Model model;
  private final HostTensor samples;
  private final Workbench bench;

  private MeanFieldBench(Engine engine, Workbench bench) {
    this.engine = engine;
    this.bench = bench;
    this.model =
        BenchModels.load("mlp:" + D + "-" + UNITS + "-1:relu?param=mean-field&bias=false&seed=1");
    this.samples = Workbench.random(N, D);
  }

  /** Measures the four ways by turns. */
  static List<Row> run(Engine engine) {
    try (Workbench owner = new Workbench(engine)) {
      MeanFieldBench bench = new MeanFieldBench(engine, owner);
      DeviceTensor loop = owner.allocate(Shape.of(N, N));
      double[][] kernels = new double[3][];
      HandwrittenLoop byHand = bench.byHand();
      double[] seconds =
          Turns.medianSeconds(
              7,
              List.of(
                  () -> kernels[0] = byHand.gram(),
                  bench.loop(loop),
                  bench.kernel(Method.GRADIENT_FIRST, kernels, 1),
                  bench.kernel(Method.INPUTS_FIRST, kernels, 2)));
      double difference = 0;
      for (double[] kernel : kernels) {
        difference = Math.max(difference, difference(loop.read().doubles(), kernel));
      }
      String speed = "times the loop's speed";
      return List.of(
          Row.baseline(
              "case S0, N = 64: loop over 4096 hidden units, ND4J arrays", seconds[0] * 1e3, "ms"),
          Row.faster(
              "case S0, the same loop, prepared on our engine", seconds[1], seconds[0], speed),
          Row.faster("case S0, one batched Jacobian", seconds[2], seconds[0], speed),
          Row.faster("case S0, factor form", seconds[3], seconds[0], speed),
          new Row(
              "case S0, largest difference of the four",
              difference,
              "of max |K|",
              Double.NaN,
              "agreement"));
    }
  }

  private HandwrittenLoop byHand() {
    return new HandwrittenLoop(
        samples.floats(),
        HostTensor.of(Shape.of(D, UNITS), model.weights().get("0.weight").toArray()).floats(),
        model.weights().get("1.weight").toArray(),
        D);
  }

  /** Jacobian rows of one unit after the other, [4, N] each, then K = J J^T. */
  private Runnable loop(DeviceTensor result) {
    Executable unit = bench.prepared(unitGraph(), Weights.none());
    GraphBuilder b = new GraphBuilder();
    Value rows = b.input("rows", TensorType.real(UNITS * (D + 1L), N));
    Executable gram =
        bench.prepared(b.build(b.apply(new MatMul(true, false), rows, rows)), Weights.none());
    DeviceTensor x = bench.tensor(samples);
    GraphBuilder flip = new GraphBuilder();
    Value stored = flip.parameter("0.weight", TensorType.real(D, UNITS));
    DeviceTensor w =
        bench.tensor(
            engine
                .evaluate(flip.build(transpose(stored, 1, 0)), model.weights(), List.of())
                .get(0));
    DeviceTensor a =
        bench.tensor(HostTensor.of(Shape.of(UNITS, 1), model.weights().get("1.weight").toArray()));
    DeviceTensor one = bench.tensor(HostTensor.of(Shape.of(1), 1d));
    DeviceTensor jacobian = bench.allocate(Shape.of(UNITS * (D + 1L), N));
    return () -> {
      for (int j = 0; j < UNITS; j++) {
        unit.run(
            List.of(x, w.rows(j, j + 1), a.rows(j, j + 1), one),
            List.of(jacobian.rows(j * (D + 1L), (j + 1) * (D + 1L))));
      }
      gram.run(List.of(jacobian), List.of(result));
    };
  }

  /**
   * One hidden unit's share of f and its derivatives by w_j and a_j over all samples: [D + 1, N].
   */
  private static Graph unitGraph() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", TensorType.real(D));
    Value w = b.input("w", TensorType.real(1, D));
    Value a = b.input("a", TensorType.real(1, 1));
    Value hidden = relu(matMul(w, reshape(x, D, 1)));
    Graph unit = b.build(reshape(scale(mul(a, hidden), 1.0 / UNITS), 1));
    Graph batched = Batch.of(Vjp.of(unit, List.of("w", "a")), Set.of("x"), N);
    GraphBuilder joined = new GraphBuilder();
    List<Value> values = batched.copyInto(joined);
    Value byW = reshape(values.get(batched.outputs().get(0)), N, D);
    Value byA = reshape(values.get(batched.outputs().get(1)), N, 1);
    return joined.build(transpose(concat(List.of(byW, byA), 1), 1, 0));
  }

  private Runnable kernel(Method method, double[][] results, int slot) {
    List<String> parameters =
        model.graph().parameters().stream().map(Node.Parameter::name).toList();
    KernelPlan plan =
        KernelPlan.of(
            model.graph(), new KernelRequest(KernelKind.TRACE, false, parameters, method));
    GramKernel kernel = bench.own(new GramKernel(engine, plan, model.weights(), N));
    return () -> {
      try (Panel panel = kernel.panel(samples)) {
        results[slot] = kernel.tile(panel, panel).block(0).read().doubles();
      }
    };
  }

  private static double difference(double[] expected, double[] actual) {
    double largest = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
      size = Math.max(size, Math.abs(expected[i]));
    }
    return largest / size;
  }
}
