package dev.tangents.job.bench;

import dev.tangents.derivative.Determinants;
import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Hessians;
import dev.tangents.derivative.Jacobians;
import dev.tangents.derivative.Laplacians;
import dev.tangents.derivative.Losses;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.kernel.Projections;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * The derivatives of one network over a batch that another program can make too: sample n is x_d =
 * sin(0.1 + 1.7 n + 0.3 d), tangents are cos(0.2 + 1.1 n + 0.7 d), output cotangents cos(0.5 + 0.9
 * n + 1.3 o), targets 0. Losses are the mean square over the outputs.
 */
final class Workloads {
  private static final int FEATURES = 512;

  private final Graph network;
  private final int samples;
  private final List<String> x;
  private final List<String> parameters;
  private final List<Workload> all = new ArrayList<>();

  private Workloads(Graph network, int samples) {
    this.network = network;
    this.samples = samples;
    this.x = List.of(network.inputs().get(0).name());
    this.parameters = network.parameters().stream().map(Node.Parameter::name).toList();
  }

  /**
   * All quantities that there are of a network.
   *
   * @param network f from x [D] to [O]
   * @param samples N
   */
  static List<Workload> of(Graph network, int samples) {
    Workloads workloads = new Workloads(network, samples);
    workloads.byInputs();
    if (!workloads.parameters.isEmpty()) {
      workloads.byParameters();
    }
    return workloads.all;
  }

  private void byInputs() {
    long d = network.inputs().get(0).type().shape().size();
    long o = network.outputTypes().get(0).shape().size();
    HostTensor inputs = samples(d);
    HostTensor tangents = waves(d, Math::cos, 0.2, 1.1, 0.7);
    HostTensor cotangents = cotangents(o);
    Graph pulled = Vjp.of(network, x);
    add("forward", network, inputs);
    add("jvp", Jvp.of(network, x), inputs, tangents);
    add("vjp", pulled, inputs, cotangents);
    add("hvp", Jvp.of(pulled, x), inputs, cotangents, tangents);
    add("input-jacobian", Jacobians.of(network, x), inputs);
    add("hessian", Hessians.forwardOverReverse(network, x), inputs);
    add("laplacian", Laplacians.of(network, x.get(0)), inputs);
    if (d == o) {
      Graph determinants = Determinants.of(network, x.get(0));
      add("determinant", last(determinants), inputs);
    }
  }

  private void byParameters() {
    long d = network.inputs().get(0).type().shape().size();
    long o = network.outputTypes().get(0).shape().size();
    HostTensor inputs = samples(d);
    HostTensor targets =
        HostTensor.of(Shape.of(samples, o), new float[Math.toIntExact(samples * o)]);
    Graph loss = Losses.on(network, Losses.meanSquare());
    Graph mean = Gradients.mean(loss, parameters, samples);
    add("parameter-jacobian", Jacobians.reverse(network, parameters), inputs);
    add("per-sample-gradients", withoutLoss(Gradients.of(loss, parameters)), inputs, targets);
    add("gradient-norms", last(GradientNorms.of(loss, parameters)), inputs, targets);
    all.add(new Workload("mean-gradient", withoutLoss(mean), List.of(inputs, targets)));
    add(
        "projection-" + FEATURES,
        Projections.of(network, parameters, FEATURES, 1),
        inputs,
        cotangents(o));
    if (d == o) {
      Graph determinant = Gradients.mean(Determinants.loss(network, x.get(0)), parameters, samples);
      all.add(new Workload("determinant-loss-gradient", withoutLoss(determinant), List.of(inputs)));
    }
  }

  /** A quantity of each sample. */
  private void add(String name, Graph one, HostTensor... inputs) {
    Set<String> names = one.inputs().stream().map(Node.Input::name).collect(Collectors.toSet());
    all.add(new Workload(name, Batch.of(one, names, samples), List.of(inputs)));
  }

  private static Graph last(Graph graph) {
    int results = graph.outputs().size();
    return graph.withOutputs(graph.outputs().subList(results - 1, results));
  }

  private static Graph withoutLoss(Graph graph) {
    return graph.withOutputs(graph.outputs().subList(1, graph.outputs().size()));
  }

  private HostTensor samples(long width) {
    return waves(width, Math::sin, 0.1, 1.7, 0.3);
  }

  private HostTensor cotangents(long width) {
    return waves(width, Math::cos, 0.5, 0.9, 1.3);
  }

  /** f(start + row n + column j), [N, width]. */
  private HostTensor waves(
      long width, DoubleUnaryOperator f, double start, double row, double column) {
    Shape shape = Shape.of(samples, width);
    double[] values = new double[shape.intSize()];
    for (int i = 0; i < values.length; i++) {
      long n = i / width;
      long j = i % width;
      values[i] = f.applyAsDouble(start + row * n + column * j);
    }
    return HostTensor.of(shape, values);
  }
}
