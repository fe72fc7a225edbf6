package dev.tangents.derivative;

import static dev.tangents.testkit.Everywhere.assertOn;
import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Identities that hold for the derivatives of any network; a failure reports its seed. */
class DerivativeIdentityTest {
  private static final int D = 3;
  private static final int O = 2;
  private static final int N = 4;
  private static final List<String> SMOOTH = List.of("tanh", "softplus", "gelu", "sigmoid");

  private static final List<Loss> LOSSES =
      List.of(
          Losses.meanSquare(),
          Losses.binaryCrossEntropy(),
          Losses.softmaxCrossEntropy(),
          Losses.huber(0.5),
          Losses.hinge());

  private static Model model(String activation, boolean bias, long seed) {
    return Models.load(
        "mlp:3-6-5-2:" + activation + "?param=ntk&bias=" + bias + "&seed=" + seed,
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  private static String input(Model model) {
    return model.graph().inputs().get(0).name();
  }

  private static List<String> parameters(Model model) {
    return model.graph().parameters().stream().map(Node.Parameter::name).toList();
  }

  private static List<double[]> direction(Model model, Random random) {
    return model.graph().parameters().stream()
        .map(p -> Vectors.normal(random, p.type().shape().size()))
        .toList();
  }

  private static Weights moved(Model model, double step, List<double[]> direction) {
    Map<String, Literal> values = new LinkedHashMap<>();
    for (int i = 0; i < direction.size(); i++) {
      Node.Parameter p = model.graph().parameters().get(i);
      double[] w = model.weights().get(p.name()).toArray();
      values.put(p.name(), Literal.of(p.type(), Vectors.combine(w, step, direction.get(i))));
    }
    return Weights.of(values);
  }

  /**
   * Identity 1 by parameters: &lt;u, H v&gt; = &lt;v, H u&gt;, and H v is the slope of gradients.
   */
  @Property(tries = 25)
  void hessianVectorProductsAreSymmetricAndDifferencesOfGradients(
      @ForAll @LongRange(min = 0, max = 9999) long seed) {
    Random random = new Random(seed);
    Model model = model(SMOOTH.get(random.nextInt(SMOOTH.size())), true, seed);
    Graph loss = Losses.on(model.graph(), LOSSES.get(random.nextInt(3)));
    Graph gradient = Gradients.mean(loss, parameters(model), N);
    List<double[]> data = List.of(Vectors.normal(random, N * D), random.doubles(N * O).toArray());
    List<double[]> u = direction(model, random);
    List<double[]> v = direction(model, random);
    Graph hvp = withoutFirst(Jvp.of(gradient, parameters(model)));
    List<double[]> hu = Runs.reference(hvp, model.weights(), Runs.inputs(data, u));
    List<double[]> hv = Runs.reference(hvp, model.weights(), Runs.inputs(data, v));
    double scale = 1 + Math.sqrt(Vectors.dot(hu, hu) * Vectors.dot(v, v));
    assertEquals(Vectors.dot(v, hu), Vectors.dot(u, hv), 1e-13 * scale);
    double h = 1e-5;
    Graph alone = withoutFirst(gradient);
    List<double[]> ahead = Runs.reference(alone, moved(model, h, v), data);
    List<double[]> behind = Runs.reference(alone, moved(model, -h, v), data);
    List<double[]> slope = new ArrayList<>();
    for (int i = 0; i < ahead.size(); i++) {
      slope.add(Vectors.scaled(0.5 / h, Vectors.combine(ahead.get(i), -1, behind.get(i))));
    }
    // h^2 times a third derivative along v of a few hundred at most, and eps / h.
    assertClose(slope, hv, 1e-7, "difference of gradients");
  }

  /**
   * Identity 2: a bias-free ReLU network is of degree one in each layer and in its input, and
   * linear in pieces, so its second derivatives by the input are 0, exactly.
   */
  @Property(tries = 20)
  void reluNetworksAreHomogeneousAndHaveNoCurvature(
      @ForAll @LongRange(min = 0, max = 9999) long seed) {
    Model model = model("relu", false, seed);
    List<double[]> x = List.of(Vectors.normal(new Random(seed), D));
    String input = input(model);
    double[] f = Runs.reference(model.graph(), model.weights(), x).get(0);
    for (String layer : parameters(model)) {
      double[] w = model.weights().get(layer).toArray();
      Graph byLayer = Jacobians.reverse(model.graph(), List.of(layer));
      assertClose(f, times(Runs.reference(byLayer, model.weights(), x).get(0), w), 1e-13, layer);
    }
    Graph byInput = Jacobians.of(model.graph(), List.of(input));
    assertClose(
        f, times(Runs.reference(byInput, model.weights(), x).get(0), x.get(0)), 1e-13, "input");
    Model biased = model("relu", true, seed);
    for (Graph hessian :
        List.of(
            Hessians.forwardOverReverse(biased.graph(), List.of(input)),
            Hessians.reverseOverReverse(biased.graph(), List.of(input)),
            Hessians.forwardOverForward(biased.graph(), List.of(input)))) {
      assertArrayEquals(new double[O * D * D], Runs.reference(hessian, biased.weights(), x).get(0));
    }
    assertArrayEquals(
        new double[O],
        Runs.reference(Laplacians.of(biased.graph(), input), biased.weights(), x).get(0));
  }

  /** Identity 9: three ways to the mean gradient, for every loss, on every engine. */
  @Property(tries = 15)
  void meanGradientIsTheMeanOfGradientsAndThePulledLossSlope(
      @ForAll @LongRange(min = 0, max = 9999) long seed) {
    Random random = new Random(seed);
    Model model = model(SMOOTH.get(random.nextInt(SMOOTH.size())), true, seed);
    List<double[]> data = List.of(Vectors.normal(random, N * D), random.doubles(N * O).toArray());
    List<double[]> x = data.subList(0, 1);
    Graph batch = Batch.of(model.graph(), Set.of(input(model)), N);
    double[] f = Runs.reference(batch, model.weights(), x).get(0);
    for (Loss loss : LOSSES) {
      Graph on = Losses.on(model.graph(), loss);
      List<double[]> each =
          Runs.reference(Gradients.perSample(on, parameters(model), N), model.weights(), data);
      List<double[]> mean = new ArrayList<>();
      for (double[] gradients : each) {
        double[] sum = new double[gradients.length / N];
        for (int n = 0; n < N; n++) {
          sum = Vectors.combine(sum, 1.0 / N, Vectors.row(gradients, n, sum.length));
        }
        mean.add(sum);
      }
      assertOn(
          Engines.all(),
          mean,
          Gradients.mean(on, parameters(model), N),
          model.weights(),
          data,
          1e-12);
      Graph slope = withoutFirst(Gradients.perSample(lossAlone(loss), List.of("f"), N));
      double[] byOutput = Runs.reference(slope, List.of(f, data.get(1))).get(0);
      List<double[]> pulled =
          Runs.reference(
              Vjp.of(batch, parameters(model)),
              model.weights(),
              Runs.inputs(x, List.of(Vectors.scaled(1.0 / N, byOutput))));
      assertClose(mean.subList(1, mean.size()), pulled, 1e-13, "J^T dL/df");
    }
  }

  /** The Hessian of a loss: J^T H_out J and the curvature of each output times the loss's slope. */
  @Property(tries = 10)
  void hessianIsTheGaussNewtonMatrixAndTheNetworksCurvature(
      @ForAll @LongRange(min = 0, max = 9999) long seed) {
    Random random = new Random(seed);
    Model model = model(SMOOTH.get(random.nextInt(SMOOTH.size())), true, seed);
    List<double[]> x = List.of(Vectors.normal(random, D));
    List<double[]> target = List.of(random.doubles(O).toArray());
    List<String> wrt = List.of(input(model));
    double[] f = Runs.reference(model.graph(), model.weights(), x).get(0);
    double[] j = Runs.reference(Jacobians.of(model.graph(), wrt), model.weights(), x).get(0);
    Graph curvature = Hessians.forwardOverReverse(model.graph(), wrt);
    double[] h = Runs.reference(curvature, model.weights(), x).get(0);
    for (Loss loss : LOSSES.subList(0, 3)) {
      Graph alone = lossAlone(loss);
      List<double[]> at = Runs.inputs(List.of(f), target);
      double[] slope = Runs.reference(Gradients.of(alone, List.of("f")), at).get(1);
      double[] outer = Runs.reference(Hessians.forwardOverReverse(alone, List.of("f")), at).get(0);
      double[] expected = new double[D * D];
      for (int i = 0; i < D * D; i++) {
        for (int o = 0; o < O; o++) {
          expected[i] += slope[o] * h[o * D * D + i];
          for (int p = 0; p < O; p++) {
            expected[i] += j[o * D + i / D] * outer[o * O + p] * j[p * D + i % D];
          }
        }
      }
      Graph whole = Hessians.forwardOverReverse(Losses.on(model.graph(), loss), wrt);
      assertClose(
          expected,
          Runs.reference(whole, model.weights(), Runs.inputs(x, target)).get(0),
          1e-13,
          "Hessian");
    }
  }

  /** Identity 10: |f(theta + e u) - f - e J u| = O(e^2), so halving e quarters it. */
  @Property(tries = 20)
  void linearisedModelIsRightToFirstOrder(@ForAll @LongRange(min = 0, max = 9999) long seed) {
    Random random = new Random(seed);
    Model model = model(SMOOTH.get(random.nextInt(SMOOTH.size())), true, seed);
    List<double[]> x = List.of(Vectors.normal(random, D));
    List<double[]> u = direction(model, random);
    double[] f = Runs.reference(model.graph(), model.weights(), x).get(0);
    Graph pushed = Jvp.of(model.graph(), parameters(model));
    double[] slope = Runs.reference(pushed, model.weights(), Runs.inputs(x, u)).get(0);
    double step = 1e-4;
    double[] error = remainder(model, x, u, f, slope, step);
    double[] half = remainder(model, x, u, f, slope, step / 2);
    double size = Math.sqrt(Vectors.dot(error, error));
    assertTrue(size < 1e-5, () -> "remainder " + size);
    // What is left is of third order in the step.
    assertClose(error, Vectors.scaled(4, half), 3e-2 * size, "a quarter");
  }

  private static double[] remainder(
      Model model, List<double[]> x, List<double[]> u, double[] f, double[] slope, double step) {
    double[] there = Runs.reference(model.graph(), moved(model, step, u), x).get(0);
    return Vectors.combine(Vectors.combine(there, -1, f), -step, slope);
  }

  /** The loss as a graph of outputs f [O] and target [O]. */
  private static Graph lossAlone(Loss loss) {
    GraphBuilder builder = new GraphBuilder();
    return Losses.on(builder.build(builder.input("f", TensorType.real(O))), loss);
  }

  private static Graph withoutFirst(Graph graph) {
    return graph.withOutputs(graph.outputs().subList(1, graph.outputs().size()));
  }

  /** A matrix [O, n] times a vector [n]. */
  private static double[] times(double[] matrix, double[] vector) {
    double[] product = new double[matrix.length / vector.length];
    for (int o = 0; o < product.length; o++) {
      product[o] = Vectors.dot(Vectors.row(matrix, o, vector.length), vector);
    }
    return product;
  }
}
