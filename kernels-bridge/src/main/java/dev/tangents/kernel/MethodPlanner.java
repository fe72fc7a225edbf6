package dev.tangents.kernel;

import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.kernel.FactorGraph.Factor;
import dev.tangents.kernel.KernelTerm.Use;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the {@link Method} of each parameter: of those that it allows the one that is predicted
 * to take the least time for a tile, its products and what forming the column panel's gradients
 * adds to the network pass. Each candidate's tile is built as a graph and priced by {@link
 * Roofline}, so whatever the graph does is counted.
 */
final class MethodPlanner {
  /** Bytes of a number; the choice is the same in double. */
  private static final int WIDTH = 4;

  private final KernelRequest request;
  private final List<Factor> factors;
  private final long lanes;
  private final int[] numbers;
  private final Roofline roofline = new Roofline(Rates.REFERENCE, WIDTH);

  /**
   * A planner over all candidates' factors.
   *
   * @param numbers place among {@code factors} of each factor by the terms' numbering
   */
  MethodPlanner(KernelRequest request, List<Factor> factors, long lanes, int[] numbers) {
    this.request = request;
    this.factors = factors;
    this.lanes = lanes;
    this.numbers = numbers;
  }

  /** The candidate to use, as {@link TermFinder.Choice}. */
  KernelTerm choose(Node.Parameter parameter, List<KernelTerm> found) {
    List<KernelTerm> candidates = new ArrayList<>(found);
    found.stream()
        .filter(
            term ->
                term.method() == Method.INPUTS_FIRST
                    && term.uses().stream().allMatch(this::meetsHalfWay))
        .map(term -> term.by(Method.HALF_WAY))
        .forEach(candidates::add);
    Method wanted = request.method(parameter.name());
    return candidates.stream()
        .filter(term -> term.method() == wanted)
        .findFirst()
        .orElseGet(() -> fastest(candidates));
  }

  private boolean meetsHalfWay(Use use) {
    if (use.left().isEmpty()) {
      return false;
    }
    Factor left = factors.get(numbers[use.left().getAsInt()]);
    Factor right = factors.get(numbers[use.right()]);
    return left.perSample()
        && right.perSample()
        && left.table() == 0
        && left.perOutput() != right.perOutput();
  }

  private KernelTerm fastest(List<KernelTerm> candidates) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    // All but the first have factors, whose shapes tell what forming the gradient takes.
    KernelTerm factored = candidates.get(1);
    List<Use> uses = factored.uses();
    if (uses.stream().allMatch(use -> factors.get(numbers[use.right()]).positions() == 1)) {
      return factored; // holds less, and its products serve the bias beside it as well
    }
    return candidates.stream()
        .min(
            Comparator.comparingDouble(
                term ->
                    tileSeconds(term)
                        + (term.method() == Method.GRADIENT_FIRST ? formingSeconds(uses) : 0)))
        .orElseThrow();
  }

  private double tileSeconds(KernelTerm term) {
    return roofline.seconds(
        new Simplify(new ReferenceFolder())
            .apply(
                TileGraph.of(
                    request.kind(),
                    List.of(term.renumbered(numbers)),
                    factors,
                    lanes,
                    false,
                    request.tile(),
                    request.tile())));
  }

  /** Seconds that the gradients of a panel of one tile's samples take in its network pass. */
  private double formingSeconds(List<Use> uses) {
    double seconds = 0;
    for (Use use : uses) {
      Factor left = factors.get(numbers[use.left().getAsInt()]);
      Factor right = factors.get(numbers[use.right()]);
      double outputs = left.perOutput() || right.perOutput() ? lanes : 1;
      double rows = left.table() > 0 ? left.table() : left.width();
      double formed = outputs * rows * right.width() * request.tile();
      Shape a = left.shape(request.tile(), lanes);
      Shape b = right.shape(request.tile(), lanes);
      double flops = 2.0 * left.positions() * (left.table() > 0 ? formed / rows : formed);
      double bytes = (formed + a.size() + b.size()) * WIDTH;
      seconds += Math.max(flops / Rates.REFERENCE.product(), bytes / Rates.REFERENCE.stream());
    }
    return seconds;
  }
}
