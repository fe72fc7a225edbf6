package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.kernel.FactorGraph.Factor;
import dev.tangents.kernel.Gram.Axis;
import dev.tangents.kernel.Gram.Operand;
import dev.tangents.kernel.KernelTerm.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arithmetic of a tile as a graph: factors of a row panel and of a column panel in, kernel
 * blocks out. For a dense layer it comes to (A A'^T + 1[bias]) o (D D'^T), because the bias term's
 * D D'^T is the weight term's and is computed once.
 *
 * <p>Inputs: the row panel's per-sample factors, the column panel's, then the factors that no
 * sample enters; each group in the order of the factor list, without constants. Results: one [B, n,
 * m] for each component.
 */
final class TileGraph {
  private final KernelKind kind;
  private final List<Factor> factors;
  private final long lanes;
  private final Shape block;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> rows = new ArrayList<>();
  private final List<Value> columns = new ArrayList<>();

  private TileGraph(KernelKind kind, List<Factor> factors, long lanes, long n, long m) {
    this.kind = kind;
    this.factors = factors;
    this.lanes = lanes;
    this.block =
        switch (kind) {
          case TRACE, SUM -> Shape.of(1, n, m);
          case PER_OUTPUT -> Shape.of(lanes, n, m);
          case FULL -> Shape.of(lanes * lanes, n, m);
        };
    for (int i = 0; i < factors.size(); i++) {
      rows.add(factors.get(i).perSample() ? input("row", i, n) : null);
    }
    for (int i = 0; i < factors.size(); i++) {
      columns.add(factors.get(i).perSample() ? input("column", i, m) : null);
    }
    for (int i = 0; i < factors.size(); i++) {
      if (!factors.get(i).perSample()) {
        Factor factor = factors.get(i);
        Value shared =
            factor.constant().isPresent()
                ? builder.constant(factor.constant().get())
                : input("shared", i, 0);
        rows.set(i, shared);
        columns.set(i, shared);
      }
    }
  }

  /**
   * The graph for a tile of {@code n} rows and {@code m} columns.
   *
   * @param lanes outputs whose cotangents the factors hold
   * @param components whether each term is a result of its own
   */
  static Graph of(
      KernelKind kind,
      List<KernelTerm> terms,
      List<Factor> factors,
      long lanes,
      boolean components,
      long n,
      long m) {
    TileGraph tile = new TileGraph(kind, factors, lanes, n, m);
    List<Value> results =
        components
            ? terms.stream().map(term -> tile.term(term, 0)).toList()
            : List.of(tile.sum(terms));
    return tile.builder.build(results);
  }

  /** The sum over parameters; a bias joins the weights beside it: (A A'^T + 1) o (D D'^T). */
  private Value sum(List<KernelTerm> terms) {
    Map<Integer, Double> shifts = new HashMap<>();
    for (KernelTerm term : terms) {
      // A bias joins the Gram matrix of its layer's inputs, which only this order forms.
      Optional<Use> weight =
          term.method() == Method.INPUTS_FIRST ? term.onlyUse() : Optional.empty();
      weight.ifPresent(use -> shifts.putIfAbsent(use.right(), 0.0));
    }
    List<KernelTerm> alone = new ArrayList<>();
    for (KernelTerm term : terms) {
      Optional<Use> bias = term.onlyUse().filter(use -> use.left().isEmpty());
      if (bias.isPresent() && shifts.containsKey(bias.get().right())) {
        shifts.merge(bias.get().right(), bias.get().scale() * bias.get().scale(), Double::sum);
      } else {
        alone.add(term);
      }
    }
    Value sum = builder.splat(block, 0);
    for (KernelTerm term : alone) {
      // The first weight that has this cotangent takes the shift.
      double shift =
          term.method() == Method.INPUTS_FIRST
              ? term.onlyUse().map(use -> shifts.remove(use.right())).orElse(0.0)
              : 0;
      sum = add(sum, term(term, shift));
    }
    return sum;
  }

  private Value input(String side, int factor, long samples) {
    return builder.input(
        side + " " + factor, TensorType.real(factors.get(factor).shape(samples, lanes)));
  }

  /** A term; {@code shift} is added to the Gram matrix of its left factors. */
  private Value term(KernelTerm term, double shift) {
    builder.origin(term.parameter());
    Value sum = builder.splat(block, 0);
    for (Use row : term.uses()) {
      for (Use column : term.uses()) {
        sum =
            add(
                sum,
                term.method() == Method.HALF_WAY ? halfWay(row, column) : pair(row, column, shift));
      }
    }
    return sum;
  }

  private Value pair(Use row, Use column, double shift) {
    if (row.left().isEmpty()) {
      double scale = row.scale() * column.scale();
      return scale(blocks(inner(row.right(), column.right())), scale);
    }
    Optional<Use> aligned = aligned(row, column);
    if (aligned.isEmpty()) {
      return builder.splat(block, 0);
    }
    Gram left = inner(row.left().getAsInt(), aligned.get().left().getAsInt());
    Gram right = inner(row.right(), aligned.get().right());
    return blocks(left.plus(shift).times(right));
  }

  /** The column's use with the row's orientation; empty if they show disjoint slices. */
  private static Optional<Use> aligned(Use row, Use column) {
    if (row.view().sameElements(column.view())) {
      return Optional.of(column);
    }
    // TermFinder admits nothing else than equal, transposed and disjoint views.
    return row.view().sameElements(column.view().transposed())
        ? Optional.of(column.transposed())
        : Optional.empty();
  }

  private Value halfWay(Use row, Use column) {
    Optional<Use> aligned = aligned(row, column);
    if (aligned.isEmpty()) {
      return builder.splat(block, 0);
    }
    boolean turned = factors.get(aligned.get().left().getAsInt()).perOutput();
    Use a = turned ? row.transposed() : row;
    Use b = turned ? aligned.get().transposed() : aligned.get();
    Value blocks =
        new HalfWay(
                kind,
                rows.get(a.left().getAsInt()),
                rows.get(a.right()),
                columns.get(b.left().getAsInt()),
                columns.get(b.right()))
            .blocks();
    return reshape(blocks, block);
  }

  /** Inner products of two factors; outputs that both carry are paired as the kind asks. */
  private Gram inner(int row, int column) {
    Operand a = operand(rows, row, Axis.ROW, Axis.ROW_POSITION, Axis.ROW_OUTPUT);
    Axis output = kind == KernelKind.FULL ? Axis.COLUMN_OUTPUT : Axis.ROW_OUTPUT;
    Operand b = operand(columns, column, Axis.COLUMN, Axis.COLUMN_POSITION, output);
    boolean both = factors.get(row).perOutput() && factors.get(column).perOutput();
    if (both && kind == KernelKind.PER_OUTPUT) {
      return Gram.diagonal(a, b);
    }
    return both && kind != KernelKind.FULL ? Gram.traced(a, b) : Gram.of(a, b);
  }

  private Operand operand(List<Value> side, int index, Axis sample, Axis position, Axis output) {
    Factor factor = factors.get(index);
    List<Axis> axes = new ArrayList<>();
    if (factor.perSample()) {
      axes.add(sample);
    }
    if (factor.perOutput()) {
      axes.add(output);
    }
    axes.add(position);
    return new Operand(side.get(index), axes, factor.table() > 0);
  }

  /**
   * Sums over positions, and over an output that is left in a trace, and repeats along absent axes.
   */
  private Value blocks(Gram gram) {
    Gram summed = gram.sum(Axis.ROW_POSITION, Axis.COLUMN_POSITION);
    if (kind == KernelKind.TRACE || kind == KernelKind.SUM) {
      summed = summed.sum(Axis.ROW_OUTPUT);
    }
    List<Axis> axes =
        switch (kind) {
          case TRACE, SUM -> List.of(Axis.ROW, Axis.COLUMN);
          case PER_OUTPUT -> List.of(Axis.ROW_OUTPUT, Axis.ROW, Axis.COLUMN);
          case FULL -> List.of(Axis.ROW_OUTPUT, Axis.COLUMN_OUTPUT, Axis.ROW, Axis.COLUMN);
        };
    Shape shape =
        switch (kind) {
          case TRACE, SUM -> block.remove(0);
          case PER_OUTPUT -> block;
          case FULL -> Shape.of(lanes, lanes, block.dim(1), block.dim(2));
        };
    return reshape(summed.spread(axes, shape), block);
  }
}
