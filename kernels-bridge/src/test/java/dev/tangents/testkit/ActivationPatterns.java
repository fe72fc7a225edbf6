package dev.tangents.testkit;

import dev.tangents.exec.Engine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Abs;
import dev.tangents.op.elementwise.Elu;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.elementwise.LeakyRelu;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Min;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.reduce.FirstMax;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.transform.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * On which side of every kink of a network a sample lies: the sign at each rectifier, the larger of
 * two, the place of each maximum. Where two runs of different precision differ in it, they have
 * derivatives of different linear pieces, however small their rounding.
 */
public final class ActivationPatterns {
  private ActivationPatterns() {}

  /**
   * The pattern of each sample as an engine computes it.
   *
   * @param batch samples in one run, which divides their number
   */
  public static double[][] of(Engine engine, Model model, int batch, double[]... x) {
    Graph sides = sides(model.graph());
    double[][] patterns = new double[x.length][];
    if (sides.outputs().isEmpty()) {
      Arrays.fill(patterns, new double[0]);
      return patterns;
    }
    Graph batched =
        Runs.simplified(Batch.of(sides, Set.of(model.graph().inputs().get(0).name()), batch));
    for (int from = 0; from < x.length; from += batch) {
      double[] rows = Vectors.join(List.of(Arrays.copyOfRange(x, from, from + batch)));
      List<double[]> found = Runs.on(engine, batched, model.weights(), List.of(rows));
      for (int i = 0; i < batch; i++) {
        List<double[]> parts = new ArrayList<>();
        for (double[] side : found) {
          parts.add(Vectors.row(side, i, side.length / batch));
        }
        patterns[from + i] = Vectors.join(parts);
      }
    }
    return patterns;
  }

  /** Which samples have two different patterns. */
  public static boolean[] flips(double[][] a, double[][] b) {
    boolean[] flips = new boolean[a.length];
    for (int n = 0; n < flips.length; n++) {
      flips[n] = !Arrays.equals(a[n], b[n]);
    }
    return flips;
  }

  /** Of each kink of the network a mask as a result. */
  private static Graph sides(Graph network) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = network.copyInto(builder);
    List<Value> sides = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (node instanceof Node.Apply apply) {
        side(builder, apply, values).ifPresent(sides::add);
      }
    }
    return builder.build(sides);
  }

  private static Optional<Value> side(GraphBuilder builder, Node.Apply apply, List<Value> values) {
    Value first = values.get(apply.arguments().get(0));
    if (apply.primitive() instanceof ReduceMax max) {
      return Optional.of(FirstMax.firstMax(first, max.axis()));
    }
    if (apply.primitive() instanceof Max || apply.primitive() instanceof Min) {
      return Optional.of(Greater.greater(first, values.get(apply.arguments().get(1))));
    }
    if (apply.primitive() instanceof Greater) {
      return Optional.of(values.get(apply.id()));
    }
    return apply.primitive() instanceof Relu
            || apply.primitive() instanceof LeakyRelu
            || apply.primitive() instanceof Elu
            || apply.primitive() instanceof Abs
        ? Optional.of(Greater.greater(first, builder.splat(first.shape(), 0)))
        : Optional.empty();
  }
}
