package dev.tangents.kernel;

import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The graph that turns samples into factors: the network and its reverse pass, over O output
 * cotangents at once (the rows of the identity) and over a batch of samples. What does not depend
 * on the sample, such as the cotangent of a readout layer, is not repeated for each.
 */
final class FactorGraph {
  private final Graph lanes;
  private final int[] numbers;
  private final List<Boolean> perOutput;

  /**
   * One factor: a result of the graph.
   *
   * @param perSample whether it has a sample axis
   * @param perOutput whether it has an output axis, behind the sample axis
   * @param positions T
   * @param width r, s, or the size of a whole gradient
   * @param constant its value, if no weight and no sample enters it
   */
  record Factor(
      boolean perSample,
      boolean perOutput,
      long positions,
      long width,
      Optional<Literal> constant) {
    /** Shape over {@code samples} rows and {@code outputs} outputs: [N?] [O?] [T] [width]. */
    Shape shape(long samples, long outputs) {
      Shape shape = Shape.of(positions, width);
      if (perOutput) {
        shape = shape.insert(0, outputs);
      }
      return perSample ? shape.insert(0, samples) : shape;
    }
  }

  /**
   * Adds the lanes of cotangents to the graph of one.
   *
   * @param single factors of one sample and one cotangent, as {@link TermFinder#graph} gives it
   */
  FactorGraph(Graph single) {
    TensorType output = single.input(TermFinder.COTANGENT).type();
    long count = output.shape().size();
    Batch.Result batched = Batch.sparse(single, Set.of(TermFinder.COTANGENT), count);
    TensorType basis = TensorType.real(Shape.of(count).concat(output.shape()));
    Graph all =
        simplify(
            Bind.constant(batched.graph(), TermFinder.COTANGENT, identity(basis, (int) count)));
    List<Integer> distinct = all.outputs().stream().distinct().toList();
    this.lanes = all.withOutputs(distinct);
    this.numbers = all.outputs().stream().mapToInt(distinct::indexOf).toArray();
    this.perOutput =
        distinct.stream().map(id -> batched.mapped().get(all.outputs().indexOf(id))).toList();
  }

  /** The results by their number in the graph of one: factors that proved equal share a result. */
  int[] numbers() {
    return numbers.clone();
  }

  /**
   * The graph over a batch of {@code samples}; results that depend on a sample have that axis in
   * front.
   */
  Graph over(long samples) {
    return simplify(batch(samples).graph());
  }

  /** What is known of each result. */
  List<Factor> factors() {
    List<Boolean> perSample = batch(1).mapped();
    List<Factor> factors = new ArrayList<>();
    for (int i = 0; i < perOutput.size(); i++) {
      Node node = lanes.node(lanes.outputs().get(i));
      Shape shape = node.type().shape();
      Optional<Literal> constant =
          node instanceof Node.Constant c ? Optional.of(c.literal()) : Optional.empty();
      factors.add(
          new Factor(perSample.get(i), perOutput.get(i), shape.dim(-2), shape.dim(-1), constant));
    }
    return factors;
  }

  private Batch.Result batch(long samples) {
    Set<String> inputs =
        lanes.inputs().stream().map(Node.Input::name).collect(Collectors.toUnmodifiableSet());
    return Batch.sparse(lanes, inputs, samples);
  }

  private static Graph simplify(Graph graph) {
    return new Simplify(new ReferenceFolder()).apply(graph);
  }

  private static Literal identity(TensorType type, int count) {
    double[] values = new double[Math.multiplyExact(count, count)];
    for (int i = 0; i < count; i++) {
      values[i * count + i] = 1;
    }
    return Literal.of(type, values);
  }
}
