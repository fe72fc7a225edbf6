package dev.tangents.kernel;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import java.util.List;

/** Kernels of small data in one call, for tests. */
final class Grams {
  private Grams() {}

  static Model mlp(String spec) {
    return Models.load(
        spec,
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  static List<String> parameters(Graph network) {
    return network.parameters().stream().map(Node.Parameter::name).toList();
  }

  /** All blocks of the kernel of x [n, D] with itself, summed over {@code parameters}. */
  static double[] gram(
      Engine engine,
      Graph network,
      Weights weights,
      KernelKind kind,
      List<String> parameters,
      double[]... x) {
    KernelPlan plan = KernelPlan.of(network, new KernelRequest(kind, false, parameters));
    try (GramKernel kernel = new GramKernel(engine, plan, weights, 2);
        Panel panel = kernel.panel(rows(x))) {
      return kernel.tile(panel, panel).block(0).read().doubles();
    }
  }

  static HostTensor rows(double[]... x) {
    double[] flat = new double[x.length * x[0].length];
    for (int i = 0; i < x.length; i++) {
      System.arraycopy(x[i], 0, flat, i * x[0].length, x[0].length);
    }
    return HostTensor.of(Shape.of(x.length, x[0].length), flat);
  }
}
