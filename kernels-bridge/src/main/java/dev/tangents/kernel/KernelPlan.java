package dev.tangents.kernel;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.kernel.FactorGraph.Factor;
import dev.tangents.op.FlopCount;
import dev.tangents.op.Liveness;
import dev.tangents.transform.Simplify;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one kernel of one network is computed: its terms, the graph of factors and the graph of a
 * tile. Depends on neither data nor engine.
 *
 * <p>With fewer lanes than outputs a tile is computed in passes: in each the cotangents of some
 * outputs are pulled back and their share of the tile is formed ({@link TileAssembly}), so that a
 * panel never holds the factors of all outputs. The network's forward pass is repeated for each.
 */
public final class KernelPlan {
  private final KernelRequest request;
  private final Graph network;
  private final long outputs;
  private final long lanes;
  private final List<KernelTerm> terms;
  private final FactorGraph factorGraph;
  private final List<Factor> factors;

  private KernelPlan(Graph network, KernelRequest request) {
    this.request = request;
    Graph flat = Networks.flat(network);
    this.network = request.kind() == KernelKind.SUM ? Networks.normalisedSum(flat) : flat;
    this.outputs = this.network.outputTypes().get(0).shape().size();
    this.lanes = request.lanes() == 0 ? outputs : Math.min(outputs, request.lanes());
    if (lanes < outputs && request.kind() == KernelKind.FULL) {
      throw TangentsException.internal(
          "Kernel: the full one pairs all outputs, %d lanes of %d are too few", lanes, outputs);
    }
    TermFinder finder = new TermFinder(this.network);
    List<List<KernelTerm>> candidates =
        this.network.parameters().stream()
            .filter(parameter -> request.parameters().contains(parameter.name()))
            .map(finder::candidates)
            .toList();
    FactorGraph all = FactorGraph.of(finder.graph(), finder.tables(), lanes);
    MethodPlanner planner = new MethodPlanner(request, all.factors(), lanes, all.numbers());
    List<KernelTerm> chosen =
        candidates.stream()
            .map(c -> planner.choose(this.network.parameter(c.get(0).parameter()), c))
            .toList();
    this.factorGraph = all.only(chosen);
    int[] numbers = factorGraph.numbers();
    this.terms = chosen.stream().map(term -> term.renumbered(numbers)).toList();
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
    request.methods().keySet().forEach(network::parameter);
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

  /** Outputs whose factors a panel holds at once. */
  public long lanes() {
    return lanes;
  }

  /** Passes that a tile is computed in: O over the lanes, rounded up. */
  public int passes() {
    return Math.toIntExact((outputs + lanes - 1) / lanes);
  }

  /** Blocks of a tile: 1 for trace and sum, O for per-output, O x O (row output first) for full. */
  public long outputBlocks() {
    return blocks(outputs);
  }

  /** Blocks of the share of a tile that one pass forms. */
  long passBlocks() {
    return blocks(lanes);
  }

  private long blocks(long count) {
    return switch (request.kind()) {
      case TRACE, SUM -> 1;
      case PER_OUTPUT -> count;
      case FULL -> Math.multiplyExact(count, count);
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

  /** The method of each parameter in order, none of them AUTO: what every executor must use. */
  public Map<String, Method> methods() {
    Map<String, Method> methods = new LinkedHashMap<>();
    terms.forEach(term -> methods.put(term.parameter(), term.method()));
    return methods;
  }

  /**
   * What is planned for each parameter, with its share of the cost at a tile of {@code n} x {@code
   * m}, all passes together.
   *
   * @param roofline what the machine does in a second
   */
  public List<TermPlan> terms(long n, long m, Roofline roofline) {
    return terms.stream().map(term -> termPlan(term, n, m, roofline)).toList();
  }

  private TermPlan termPlan(KernelTerm term, long n, long m, Roofline roofline) {
    Graph tile = simplify(TileGraph.of(request.kind(), List.of(term), factors, lanes, false, n, m));
    long numbers =
        term.factors()
            .distinct()
            .mapToObj(factors::get)
            .filter(Factor::perSample)
            .mapToLong(factor -> factor.shape(1, lanes).size())
            .sum();
    return new TermPlan(
        term.parameter(),
        term.method(),
        term.uses().size(),
        numbers,
        FlopCount.of(tile) * passes(),
        roofline.seconds(tile) * passes());
  }

  /** Operations of a tile of {@code n} x {@code m}, all terms and passes together. */
  public double tileFlops(long n, long m) {
    return FlopCount.of(tileGraph(n, m)) * passes();
  }

  /**
   * Operations of a tile of {@code n} samples with themselves, as {@link GramKernel#diagonal} forms
   * it.
   */
  public double diagonalFlops(long n) {
    return TriangleTile.flops(this, n) * passes();
  }

  /**
   * A bound on the numbers that such tiles hold beside others, results among them, on an engine
   * that forms one value after the other. A GPU holds all Gram matrices that it adds up in one
   * kernel.
   */
  public long diagonalNumbers(long n) {
    return TriangleTile.serves(this, n) ? TriangleTile.numbers(this, n) : 0;
  }

  /** Operations of the network, forward and back for every output, for each sample. */
  public double networkFlops(long microBatch) {
    return FlopCount.ofRun(factorGraph(microBatch)) / microBatch * passes();
  }

  /** Operations of the network forward for a sample, which every pass repeats. */
  public double forwardFlops() {
    return FlopCount.ofRun(simplify(network));
  }

  /** Seconds of the network, forward and back for every output, for each sample. */
  public double networkSeconds(long microBatch, Roofline roofline) {
    return roofline.seconds(factorGraph(microBatch)) / microBatch * passes();
  }

  /** Numbers that a panel holds for each sample. */
  public long factorNumbers() {
    return factorNumbers(lanes);
  }

  /** About as many numbers as a panel would hold for each sample with another number of lanes. */
  public long factorNumbers(long count) {
    return factors.stream()
        .filter(Factor::perSample)
        .mapToLong(factor -> factor.shape(1, count).size())
        .sum();
  }

  /** Numbers in the results of a tile of {@code n} x {@code m}. */
  public long tileNumbers(long n, long m) {
    return Math.multiplyExact(
        Math.multiplyExact(outputBlocks(), components().size()), Math.multiplyExact(n, m));
  }

  /**
   * A bound on the numbers in flight in a strip of a tile, its operands and results left out.
   *
   * @param n rows of the tile
   */
  public long tileWork(long n, long m) {
    return work(tileGraph(StripedTile.height(this, n, m), m));
  }

  /** A bound on the numbers in flight in a network pass, its results left out. */
  public long networkWork(long microBatch) {
    return work(factorGraph(microBatch));
  }

  /** Numbers held at once beside inputs and results, which lie elsewhere. */
  static long work(Graph graph) {
    long elsewhere =
        graph.outputTypes().stream().mapToLong(type -> type.shape().size()).sum()
            + graph.inputs().stream().mapToLong(input -> input.type().shape().size()).sum()
            + graph.parameterCount();
    return Math.max(0, Liveness.numbers(graph) - elsewhere);
  }

  /** The graph of factors over a micro-batch. */
  public Graph factorGraph(long microBatch) {
    return factorGraph.over(microBatch);
  }

  /** The graph of the share of a tile that one pass forms. */
  public Graph tileGraph(long n, long m) {
    return simplify(
        TileGraph.of(request.kind(), terms, factors, lanes, request.components(), n, m));
  }

  /** What is known of each result of the factor graph. */
  List<Factor> factors() {
    return factors;
  }

  private static Graph simplify(Graph graph) {
    return new Simplify(new ReferenceFolder()).apply(graph);
  }
}
