package dev.tangents.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the graph that computes what a request asks of a network. */
public final class RowGraphs {
  private RowGraphs() {}

  /**
   * The graph of a request.
   *
   * @param network f from x [D] to [O]; behind x it may have an input of integers
   * @param parameters those that are differentiated by, where the quantity is by parameters
   * @throws TangentsException of category USER if a direction has another length than the network
   *     needs, or its Jacobian must be square and is not
   */
  public static RowGraph of(Graph network, List<String> parameters, RowRequest request) {
    return switch (request.quantity()) {
      case LOSS -> LossQuantities.loss(network, request.loss());
      case PROJECTED_LOSS_GRADIENT ->
          LossQuantities.projected(network, parameters, request.loss(), request.projection());
      case PARAMETER_NORM -> ParameterQuantities.norm(network, parameters);
      case PAIR_KERNEL -> ParameterQuantities.pairKernel(network, parameters);
      case PARAMETER_JACOBIAN_SUM -> ParameterQuantities.jacobianSum(network, parameters);
      case OUTPUTS -> InputQuantities.predictions(network);
      case INPUT_JACOBIAN -> InputQuantities.jacobian(network, request.mode());
      case HESSIAN -> InputQuantities.hessian(network, request.order());
      case HESSIAN_DIAGONAL -> InputQuantities.hessianDiagonal(network);
      case LAPLACIAN -> InputQuantities.laplacian(network);
      case DETERMINANT -> InputQuantities.determinant(network);
      case JVP -> Products.jvp(network, request);
      case VJP -> Products.vjp(network, request);
      case HVP -> Products.hvp(network, request);
      case PARAMETER_JACOBIAN -> ParameterQuantities.jacobian(network, parameters);
      case PROJECTED_JACOBIAN ->
          ParameterQuantities.projected(network, parameters, request.projection());
      case GRADIENT -> LossQuantities.gradient(network, parameters, request.loss());
      case PARAMETER_HVP -> LossQuantities.hvp(network, parameters, request.loss());
      case PER_SAMPLE_GRADIENTS -> LossQuantities.perSample(network, parameters, request.loss());
      case GRADIENT_NORMS -> LossQuantities.norms(network, parameters, request.loss());
    };
  }

  /** Name of the input x that derivatives are taken by. */
  static String x(Graph network) {
    List<Node.Input> inputs = network.inputs();
    if (inputs.isEmpty()) {
      throw TangentsException.model("Network: expected an input, it has none");
    }
    return inputs.get(0).name();
  }

  /** What each input of the network is filled with: x, and integers beside it. */
  static Map<String, SampleInput> samples(Graph network) {
    Map<String, SampleInput> samples = new HashMap<>();
    samples.put(x(network), SampleInput.FEATURES);
    for (Node.Input other : network.inputs().subList(1, network.inputs().size())) {
      samples.put(other.name(), SampleInput.INTEGERS);
    }
    return samples;
  }

  /** Input {@code index} of those that transforms put behind the network's own. */
  static Node.Input added(Graph network, Graph derivative, int index) {
    return derivative.inputs().get(network.inputs().size() + index);
  }

  /** Number of elements of a node's value. */
  static int size(Node node) {
    return node.type().shape().intSize();
  }

  /** O, the number of the network's outputs. */
  static int outputs(Graph network) {
    return size(network.node(network.outputs().get(0)));
  }

  /** D, the number of the network's features that derivatives are taken by. */
  static int features(Graph network) {
    return size(network.inputs().get(0));
  }

  /** The extents of a node's value. */
  static List<Integer> dims(Node node) {
    return Arrays.stream(node.type().shape().dims()).mapToObj(Math::toIntExact).toList();
  }
}
