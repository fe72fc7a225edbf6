package dev.tangents.kernel.check;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Networks;
import dev.tangents.op.FlopCount;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The two graphs of J (J^T v) for a batch of samples, with J [O, P] of each sample by the chosen
 * parameters. Depends on neither data nor engine.
 *
 * @param samples k
 * @param inputs shapes of the network's inputs, [k, D...] each
 * @param parameters shapes of the parameters that take part, in the network's order
 * @param outputs O
 * @param pull the inputs and a cotangent [k, O] -> for each parameter the sum over the samples of
 *     J^T v
 * @param push the inputs and a tangent for each parameter -> J u, [k, O]
 */
record JacobianGraphs(
    int samples, List<Shape> inputs, List<Shape> parameters, int outputs, Graph pull, Graph push) {
  /** Copies the lists. */
  JacobianGraphs {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /**
   * Differentiates a network over a batch.
   *
   * @param network of one sample and one real result
   * @param parameters names of those that take part
   * @param samples k
   * @throws TangentsException if the network has several results, or a parameter is unknown
   */
  static JacobianGraphs of(Graph network, List<String> parameters, int samples) {
    parameters.forEach(network::parameter);
    Graph flat = Networks.flat(network);
    List<Node.Parameter> chosen =
        flat.parameters().stream().filter(p -> parameters.contains(p.name())).toList();
    List<String> names = chosen.stream().map(Node.Parameter::name).toList();
    Graph batch =
        Batch.of(
            flat,
            flat.inputs().stream().map(Node.Input::name).collect(Collectors.toSet()),
            samples);
    return new JacobianGraphs(
        samples,
        batch.inputs().stream().map(input -> input.type().shape()).toList(),
        chosen.stream().map(parameter -> parameter.type().shape()).toList(),
        flat.outputTypes().get(0).shape().intSize(),
        Networks.simplified(Vjp.of(batch, names)),
        Networks.simplified(Jvp.of(batch, names)));
  }

  /**
   * The graphs of the network and the parameters of a kernel; for the sum kernel, of the network's
   * summed outputs.
   */
  static JacobianGraphs of(Graph network, KernelRequest request, int samples) {
    boolean sum = request.kind() == KernelKind.SUM;
    return of(sum ? Networks.normalisedSum(network) : network, request.parameters(), samples);
  }

  /** Numbers of one sample in all inputs. */
  int width() {
    return inputs.stream().mapToInt(shape -> shape.remove(0).intSize()).sum();
  }

  /** Operations of one run of each. */
  double flops() {
    return FlopCount.ofRun(pull) + FlopCount.ofRun(push);
  }
}
