package dev.tangents.kernel;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.kernel.FactorGraph.Factor;
import dev.tangents.op.FlopCount;
import dev.tangents.op.shape.Reshape;
import java.util.List;

/**
 * How one kernel of one network is computed: its terms, the graph of factors and the graph of a
 * tile. Depends on neither data nor engine.
 */
public final class KernelPlan {
  private final KernelRequest request;
  private final long outputs;
  private final List<KernelTerm> terms;
  private final FactorGraph factorGraph;
  private final List<Factor> factors;

  private KernelPlan(Graph network, KernelRequest request) {
    this.request = request;
    Graph flat = Networks.flat(network);
    Graph headed = request.kind() == KernelKind.SUM ? Networks.normalisedSum(flat) : flat;
    this.outputs = headed.outputTypes().get(0).shape().size();
    TermFinder finder = new TermFinder(headed, request);
    List<KernelTerm> found = finder.terms();
    this.factorGraph = new FactorGraph(finder.graph());
    int[] numbers = factorGraph.numbers();
    this.terms = found.stream().map(term -> term.renumbered(numbers)).toList();
    this.factors = factorGraph.factors();
  }

  /**
   * Plans the kernel of a network for one sample with one result.
   *
   * @throws TangentsException if the network has several results, or a requested parameter is
   *     unknown
   */
  public static KernelPlan of(Graph network, KernelRequest request) {
    request.parameters().forEach(network::parameter);
    return new KernelPlan(network, request);
  }

  /** What was asked for. */
  public KernelRequest request() {
    return request;
  }

  /** O, the outputs of the network that take part (1 for the sum). */
  public long outputs() {
    return outputs;
  }

  /** Blocks of a tile: 1 for trace and sum, O for per-output, O x O (row output first) for full. */
  public long outputBlocks() {
    return switch (request.kind()) {
      case TRACE, SUM -> 1;
      case PER_OUTPUT -> outputs;
      case FULL -> Math.multiplyExact(outputs, outputs);
    };
  }

  /**
   * Names of a tile's results: the parameters if components are kept apart, else one empty name.
   */
  public List<String> components() {
    return request.components() && !terms.isEmpty()
        ? terms.stream().map(KernelTerm::parameter).toList()
        : List.of("");
  }

  /**
   * What is planned for each parameter, with its share of the cost at a tile of {@code n} x {@code
   * m}.
   */
  public List<TermPlan> terms(long n, long m) {
    return terms.stream().map(term -> termPlan(term, n, m)).toList();
  }

  private TermPlan termPlan(KernelTerm term, long n, long m) {
    Graph tile = TileGraph.of(request.kind(), List.of(term), factors, outputs, false, n, m);
    long numbers =
        term.uses().stream()
            .flatMap(
                use ->
                    use.left().isPresent()
                        ? List.of(use.left().getAsInt(), use.right()).stream()
                        : List.of(use.right()).stream())
            .distinct()
            .map(factors::get)
            .filter(Factor::perSample)
            .mapToLong(factor -> factor.shape(1, outputs).size())
            .sum();
    return new TermPlan(
        term.parameter(), term.method(), term.uses().size(), numbers, FlopCount.of(tile));
  }

  /** Operations of a tile of {@code n} x {@code m}, all terms together. */
  public double tileFlops(long n, long m) {
    return FlopCount.of(tileGraph(n, m));
  }

  /** Operations of one network pass, forward and back for every output, for each sample. */
  public double networkFlops(long microBatch) {
    return FlopCount.of(factorGraph.over(microBatch)) / microBatch;
  }

  /** Numbers that a panel holds for each sample. */
  public long factorNumbers() {
    return factors.stream()
        .filter(Factor::perSample)
        .mapToLong(factor -> factor.shape(1, outputs).size())
        .sum();
  }

  /** Numbers in the results of a tile of {@code n} x {@code m}. */
  public long tileNumbers(long n, long m) {
    return Math.multiplyExact(
        Math.multiplyExact(outputBlocks(), components().size()), Math.multiplyExact(n, m));
  }

  /**
   * A bound on the numbers in flight in a strip of a tile and in a network pass, results left out.
   */
  public long workNumbers(long n, long m, long microBatch) {
    return numbers(tileGraph(StripedTile.height(this, n), m)) + numbers(factorGraph(microBatch));
  }

  private static long numbers(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node instanceof Node.Apply apply && !(apply.primitive() instanceof Reshape))
        .mapToLong(node -> node.type().shape().size())
        .sum();
  }

  /** The graph of factors over a micro-batch. */
  public Graph factorGraph(long microBatch) {
    return factorGraph.over(microBatch);
  }

  /** The graph of a tile. */
  public Graph tileGraph(long n, long m) {
    return TileGraph.of(request.kind(), terms, factors, outputs, request.components(), n, m);
  }

  /** What is known of each result of the factor graph. */
  List<Factor> factors() {
    return factors;
  }

  /** The sample inputs that a panel is computed from. */
  List<Node.Input> inputs() {
    return factorGraph.over(1).inputs();
  }
}
