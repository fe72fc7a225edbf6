package dev.tangents.rows;

import static dev.tangents.rows.RowGraphs.dims;
import static dev.tangents.rows.RowGraphs.outputs;
import static dev.tangents.rows.RowGraphs.samples;
import static dev.tangents.rows.RowGraphs.x;

import dev.tangents.derivative.Determinants;
import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Join;
import dev.tangents.derivative.Losses;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.kernel.ClippedGradients;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.kernel.Projections;
import dev.tangents.op.nn.Heads;
import dev.tangents.rows.RowRequest.LossRequest;
import dev.tangents.rows.RowRequest.Projection;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Bind;
import dev.tangents.transform.Jvp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Derivatives of a loss by the parameters. Beside them goes each sample's loss, and the outputs of
 * the network where they are decisions that can be counted as right or wrong.
 */
public final class LossQuantities {
  private final Graph network;
  private final List<String> parameters;
  private final LossRequest request;
  private final Graph loss;
  private final Map<String, SampleInput> inputs;

  /**
   * The loss of one sample.
   *
   * @param weighted whether it is multiplied by an input: a user's weight, or zero for padding
   */
  private LossQuantities(
      Graph network, List<String> parameters, LossRequest request, boolean weighted) {
    requireLogits(network, request.kind());
    this.network = network;
    this.parameters = parameters;
    this.request = request;
    this.inputs = samples(network);
    Graph plain;
    if (request.kind().hasTarget()) {
      plain = Losses.on(network, request.kind().loss(request.delta()));
      inputs.put(Losses.TARGET, SampleInput.TARGET);
    } else {
      plain = Determinants.loss(network, x(network));
    }
    if (weighted) {
      inputs.put(Losses.WEIGHT, SampleInput.WEIGHT);
    }
    this.loss = weighted ? Losses.weighted(plain) : plain;
  }

  /** A cross-entropy of probabilities taken for logits would be a plausible wrong number. */
  private static void requireLogits(Graph network, LossKind kind) {
    boolean softmax = kind == LossKind.SOFTMAX_CROSS_ENTROPY && Heads.isSoftmax(network);
    boolean sigmoid = kind == LossKind.BINARY_CROSS_ENTROPY && Heads.isSigmoid(network);
    if (softmax || sigmoid) {
      throw TangentsException.user(
          "loss: a cross-entropy takes logits, and the network ends in a %s. Give --model-output"
              + " logits (in SQL the option 'model-output=logits'), or a network without it",
          softmax ? "softmax" : "sigmoid");
    }
  }

  /** The name under which an HVP's weights hold its direction by a parameter. */
  public static String direction(String parameter) {
    return "direction " + parameter;
  }

  /** The sum over a batch of each sample's gradient, clipped where that is asked for. */
  static RowGraph gradient(Graph network, List<String> parameters, LossRequest request) {
    LossQuantities of = new LossQuantities(network, parameters, request, true);
    boolean clipped = !Double.isInfinite(request.clip());
    // A norm beyond the numbers would clip its gradient to zero: it is a part, so that it is looked
    // at.
    List<Part> norms = clipped ? List.of(Part.scalar("norm")) : List.of();
    return of.summed(
        norms,
        size -> {
          int samples = size.samples();
          Graph sums =
              clipped
                  ? ClippedGradients.sum(of.loss, parameters, request.clip(), samples)
                  : Gradients.sum(of.loss, parameters, samples);
          return sums.withOutputs(sums.outputs().subList(1, sums.outputs().size()));
        });
  }

  /**
   * The sum over a batch of each sample's H v, v being held by the weights: forward over reverse.
   */
  static RowGraph hvp(Graph network, List<String> parameters, LossRequest request) {
    LossQuantities of = new LossQuantities(network, parameters, request, true);
    return of.summed(
        List.of(),
        size -> {
          Graph sums = Gradients.sum(of.loss, parameters, size.samples());
          Graph gradients = sums.withOutputs(sums.outputs().subList(1, sums.outputs().size()));
          Graph pushed = Jvp.of(gradients, parameters);
          int own = sums.inputs().size();
          List<String> tangents =
              pushed.inputs().stream().skip(own).map(input -> input.name()).toList();
          for (int i = 0; i < tangents.size(); i++) {
            pushed = Bind.parameter(pushed, tangents.get(i), direction(parameters.get(i)));
          }
          return pushed;
        });
  }

  /** Each sample's gradient by each parameter. */
  static RowGraph perSample(Graph network, List<String> parameters, LossRequest request) {
    LossQuantities of = new LossQuantities(network, parameters, request, request.weighted());
    Graph gradients = Gradients.of(of.loss, parameters);
    List<Part> parts = new ArrayList<>();
    for (String name : parameters) {
      parts.add(Part.whole(Part.VALUES, name, dims(network.parameter(name))));
    }
    return of.rows(gradients.withOutputs(gradients.outputs().subList(1, parts.size() + 1)), parts);
  }

  /** Each sample's loss alone. */
  static RowGraph loss(Graph network, LossRequest request) {
    LossQuantities of = new LossQuantities(network, List.of(), request, request.weighted());
    return RowGraph.of(of.loss, of.inputs, List.of(Part.scalar(Part.LOSS)));
  }

  /** A random projection of each sample's gradient by all parameters together. */
  static RowGraph projected(
      Graph network, List<String> parameters, LossRequest request, Projection projection) {
    LossQuantities of = new LossQuantities(network, parameters, request, request.weighted());
    int k = projection.size();
    Graph graph = Projections.of(of.loss, parameters, k, projection.seed());
    Literal one = Literal.splat(graph.input(Projections.COTANGENT).type(), 1);
    return RowGraph.of(
        Bind.constant(graph, Projections.COTANGENT, one),
        of.inputs,
        List.of(Part.whole(Part.VALUES, "", List.of(k))));
  }

  /** The norm of each sample's gradient by all parameters together. */
  static RowGraph norms(Graph network, List<String> parameters, LossRequest request) {
    LossQuantities of = new LossQuantities(network, parameters, request, request.weighted());
    Graph norms = GradientNorms.of(of.loss, parameters);
    List<Part> parts = List.of(Part.scalar("norm"));
    return of.rows(norms.withOutputs(norms.outputs().subList(1, 2)), parts);
  }

  private RowGraph rows(Graph derivative, List<Part> parts) {
    List<Part> all = reported();
    all.addAll(parts);
    return RowGraph.of(Join.of(List.of(report(), derivative)), inputs, all);
  }

  /** Sums over a batch, behind records that stand before them in the source's results. */
  private RowGraph summed(List<Part> records, RowGraph.Source sums) {
    List<Part> all = reported();
    all.addAll(records);
    parameters.forEach(name -> all.add(Part.sum(name, dims(network.parameter(name)))));
    RowGraph.Source source =
        size -> {
          Graph report = Batch.of(report(), inputs.keySet(), size.samples());
          return Join.of(List.of(report, sums.over(size)));
        };
    return new RowGraph(source, inputs, Lanes.NONE, Lanes.NONE, all);
  }

  /** What the run reports of each sample: its loss, and the outputs behind a decision. */
  private Graph report() {
    return request.kind().decides() ? Join.of(List.of(loss, network)) : loss;
  }

  private List<Part> reported() {
    List<Part> parts = new ArrayList<>(List.of(Part.scalar(Part.LOSS)));
    if (request.kind().decides()) {
      parts.add(Part.whole(Part.HIDDEN, "", List.of(outputs(network))));
    }
    return parts;
  }
}
