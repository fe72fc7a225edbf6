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
 * The graph that turns samples into factors: the network and its reverse pass, over some output
 * cotangents at once (rows of the identity) and over a batch of samples. What does not depend on
 * the sample, such as the cotangent of a readout layer, is not repeated for each. If all outputs
 * are taken at once their cotangents are constants; else they are an input, [lanes, O].
 */
final class FactorGraph {
  private final Graph lanes;
  private final List<Slot> slots;
  private final int[] numbers;

  /** A distinct result: its node in {@link #lanes}, its output axis, its table. */
  private record Slot(int node, boolean perOutput, long table) {}

  /**
   * One factor: a result of the graph.
   *
   * @param perSample whether it has a sample axis
   * @param perOutput whether it has an output axis, behind the sample axis
   * @param positions T
   * @param width r, s, or the size of a whole gradient; 1 for numbers of rows
   * @param table 0, or V where it holds the numbers of rows of a table
   * @param constant its value, if no weight and no sample enters it
   */
  record Factor(
      boolean perSample,
      boolean perOutput,
      long positions,
      long width,
      long table,
      Optional<Literal> constant) {
    /** Shape over {@code samples} rows and {@code lanes} outputs: [N?] [O?] [T] [width]. */
    Shape shape(long samples, long lanes) {
      Shape shape = Shape.of(positions, width);
      if (perOutput) {
        shape = shape.insert(0, lanes);
      }
      return perSample ? shape.insert(0, samples) : shape;
    }
  }

  private FactorGraph(Graph lanes, List<Slot> slots, int[] numbers) {
    this.lanes = lanes;
    this.slots = List.copyOf(slots);
    this.numbers = numbers;
  }

  /**
   * Adds the lanes of cotangents to the graph of one.
   *
   * @param single factors of one sample and one cotangent, as {@link TermFinder#graph} gives it
   * @param tables for each factor 0, or V where it holds row numbers
   * @param count outputs at once, at most O
   */
  static FactorGraph of(Graph single, List<Long> tables, long count) {
    TensorType output = single.input(TermFinder.COTANGENT).type();
    Batch.Result batched = Batch.sparse(single, Set.of(TermFinder.COTANGENT), count);
    Graph open = batched.graph();
    if (count == output.shape().size()) {
      TensorType basis = TensorType.real(Shape.of(count).concat(output.shape()));
      open = Bind.constant(open, TermFinder.COTANGENT, identity(basis, (int) count));
    }
    Graph all = simplify(open);
    List<Slot> every = new ArrayList<>();
    for (int i = 0; i < all.outputs().size(); i++) {
      every.add(new Slot(all.outputs().get(i), batched.mapped().get(i), tables.get(i)));
    }
    List<Slot> distinct = every.stream().distinct().toList();
    return new FactorGraph(all, distinct, every.stream().mapToInt(distinct::indexOf).toArray());
  }

  /** This graph with those factors alone that some term uses. */
  FactorGraph only(List<KernelTerm> terms) {
    List<Slot> used =
        terms.stream()
            .flatMapToInt(KernelTerm::factors)
            .mapToObj(i -> slots.get(numbers[i]))
            .distinct()
            .toList();
    int[] moved = new int[numbers.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = used.indexOf(slots.get(numbers[i]));
    }
    return new FactorGraph(lanes, used, moved);
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
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      Node node = lanes.node(slot.node());
      Shape shape = node.type().shape();
      Optional<Literal> constant =
          node instanceof Node.Constant c ? Optional.of(c.literal()) : Optional.empty();
      factors.add(
          new Factor(
              perSample.get(i),
              slot.perOutput(),
              shape.dim(-2),
              shape.dim(-1),
              slot.table(),
              constant));
    }
    return factors;
  }

  private Batch.Result batch(long samples) {
    Set<String> inputs =
        lanes.inputs().stream()
            .map(Node.Input::name)
            .filter(name -> !name.equals(TermFinder.COTANGENT))
            .collect(Collectors.toUnmodifiableSet());
    return Batch.sparse(
        lanes.withOutputs(slots.stream().map(Slot::node).toList()), inputs, samples);
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
