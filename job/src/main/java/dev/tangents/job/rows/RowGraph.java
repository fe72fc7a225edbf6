package dev.tangents.job.rows;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.reduce.Sum.sum;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.job.config.Choices.Mode;
import dev.tangents.job.config.Choices.Wrt;
import dev.tangents.job.plan.Selections;
import dev.tangents.kernel.Networks;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The graph of one sample that computes a derivative along one lane: its first input is x [D]; a
 * direction of the sample's own is the second; the last are seeds, each of which runs over the unit
 * vectors of its shape.
 *
 * @param graph the graph of one sample and one unit vector a seed
 * @param samples names of the inputs that each sample has its own of: x, and perhaps a direction
 * @param outer the seed that varies slowest, of O cotangents
 * @param inner the seed that varies fastest, of D tangents
 * @param parts what a sample's records hold, one for each result of the graph
 */
public record RowGraph(
    Graph graph, List<String> samples, Lanes outer, Lanes inner, List<Part> parts) {

  /**
   * The unit vectors of a seed.
   *
   * @param input the seed's name; empty if there is no such seed
   * @param count how many
   */
  public record Lanes(String input, int count) {
    static final Lanes NONE = new Lanes("", 1);

    static Lanes of(Node.Input input) {
      return new Lanes(input.name(), input.type().shape().intSize());
    }

    boolean present() {
      return !input.isEmpty();
    }
  }

  /**
   * The values of one sample in one result, over all lanes.
   *
   * @param parameter its parameter; empty where it is not by parameters
   * @param shape of one record
   * @param records records that it makes, one after the other in memory
   * @param outerStride distance of neighbouring outer lanes
   * @param innerStride distance of neighbouring inner lanes
   * @param rest numbers of one lane
   * @param restStride distance of these
   */
  public record Part(
      String parameter,
      List<Integer> shape,
      int records,
      int outerStride,
      int innerStride,
      int rest,
      int restStride) {
    /** Numbers of one record. */
    public int length() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** Numbers of one sample. */
    public int size() {
      return Math.multiplyExact(records, length());
    }
  }

  /**
   * The graph of a request.
   *
   * @param network f from x [D] to [O]
   * @throws dev.tangents.error.TangentsException of category USER if a pattern matches no parameter
   *     or a constant direction has another length
   */
  public static RowGraph of(Graph network, RowRequest request) {
    return switch (request.kind()) {
      case JACOBIAN ->
          request.wrt() == Wrt.PARAMS
              ? byParams(network, request)
              : byInputs(network, request.mode());
      case HESSIAN -> hessian(network, request.diagonal());
      case JVP -> directed(Jvp.of(network, List.of(x(network))), request);
      case VJP -> directed(Vjp.of(network, List.of(x(network))), request);
    };
  }

  /**
   * The graph over {@code size.samples()} samples and chunks of lanes: results [N, V outer, V
   * inner, ...], without the lanes that there are none of. A seed whose lanes all fit is a
   * constant, so that what depends on weights alone is computed before any sample comes.
   */
  public Graph over(RowSize size) {
    Graph lanes = lanes(lanes(graph, inner, size.inner()), outer, size.outer());
    Graph batched = Batch.of(lanes, Set.copyOf(samples), size.samples());
    Graph bound = bind(bind(batched, outer, size.outer()), inner, size.inner());
    return Networks.simplified(bound);
  }

  /** Numbers of one sample in all records. */
  public long numbers() {
    return parts.stream().mapToLong(Part::size).sum();
  }

  private static Graph lanes(Graph graph, Lanes lanes, int chunk) {
    return lanes.present() ? Batch.of(graph, Set.of(lanes.input()), chunk) : graph;
  }

  private static Graph bind(Graph graph, Lanes lanes, int chunk) {
    if (!lanes.present() || chunk < lanes.count()) {
      return graph;
    }
    TensorType type = graph.input(lanes.input()).type();
    return Bind.constant(graph, lanes.input(), Literal.of(type, units(lanes.count(), 0, chunk)));
  }

  /** Unit vectors {@code from} to {@code from + chunk - 1}, zeros behind the last. */
  static double[] units(int count, int from, int chunk) {
    double[] values = new double[Math.multiplyExact(count, chunk)];
    for (int i = 0; i < chunk && from + i < count; i++) {
      values[i * count + from + i] = 1;
    }
    return values;
  }

  private static RowGraph byInputs(Graph network, Mode mode) {
    boolean forward = mode == Mode.FORWARD;
    List<String> wrt = List.of(x(network));
    Graph graph = forward ? Jvp.of(network, wrt) : Vjp.of(network, wrt);
    int columns = size(network.inputs().get(0));
    int rows = size(network.node(network.outputs().get(0)));
    List<Integer> shape = List.of(rows, columns);
    Lanes seed = Lanes.of(graph.inputs().get(1));
    // Row-major [O, D]: a tangent gives a column, a cotangent a row.
    return forward
        ? new RowGraph(
            graph, wrt, Lanes.NONE, seed, List.of(new Part("", shape, 1, 0, 1, rows, columns)))
        : new RowGraph(
            graph, wrt, seed, Lanes.NONE, List.of(new Part("", shape, 1, columns, 0, columns, 1)));
  }

  private static RowGraph byParams(Graph network, RowRequest request) {
    List<String> all = network.parameters().stream().map(Node.Parameter::name).toList();
    List<String> names = Selections.parameters(request.parameters(), all);
    Graph graph = Vjp.of(network, names);
    Lanes outer = Lanes.of(graph.inputs().get(1));
    List<Part> parts = new ArrayList<>();
    for (String name : names) {
      Node.Parameter parameter = network.parameter(name);
      int length = size(parameter);
      parts.add(new Part(name, dims(parameter), outer.count(), length, 0, length, 1));
    }
    return new RowGraph(graph, List.of(x(network)), outer, Lanes.NONE, parts);
  }

  /** Forward over reverse: tangents pushed through J^T w. */
  private static RowGraph hessian(Graph network, boolean diagonal) {
    List<String> wrt = List.of(x(network));
    Graph graph = Jvp.of(Vjp.of(network, wrt), wrt);
    Lanes outer = Lanes.of(graph.inputs().get(1));
    Lanes inner = Lanes.of(graph.inputs().get(2));
    int width = inner.count();
    return diagonal
        ? new RowGraph(
            alongTangent(graph, inner.input()),
            wrt,
            outer,
            inner,
            List.of(new Part("", List.of(width), outer.count(), width, 1, 1, 1)))
        : new RowGraph(
            graph,
            wrt,
            outer,
            inner,
            List.of(
                new Part(
                    "", List.of(width, width), outer.count(), width * width, width, width, 1)));
  }

  /** &lt;v, H v&gt; for the tangent v: for a unit vector its element of the diagonal. */
  private static Graph alongTangent(Graph graph, String tangent) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> values = graph.copyInto(builder);
    Value product = mul(values.get(graph.input(tangent).id()), values.get(graph.outputs().get(0)));
    return builder.build(sum(product, 0));
  }

  private static RowGraph directed(Graph graph, RowRequest request) {
    Direction direction = request.directions().get(0);
    Node.Input vector = graph.inputs().get(1);
    Node result = graph.node(graph.outputs().get(0));
    List<Part> parts = List.of(new Part("", dims(result), 1, 0, 0, size(result), 1));
    if (direction.perSample()) {
      return new RowGraph(graph, List.of(x(graph), vector.name()), Lanes.NONE, Lanes.NONE, parts);
    }
    Literal constant = Literal.of(vector.type(), direction.constant(size(vector)));
    Graph bound = Bind.constant(graph, vector.name(), constant);
    return new RowGraph(bound, List.of(x(graph)), Lanes.NONE, Lanes.NONE, parts);
  }

  private static String x(Graph graph) {
    return graph.inputs().get(0).name();
  }

  private static int size(Node node) {
    return node.type().shape().intSize();
  }

  private static List<Integer> dims(Node node) {
    List<Integer> dims = new ArrayList<>();
    for (long dim : node.type().shape().dims()) {
      dims.add(Math.toIntExact(dim));
    }
    return dims;
  }
}
