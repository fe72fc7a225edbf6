package dev.tangents.rows;

import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import java.util.List;

/**
 * Decides how requests are computed: the mode of a Jacobian where it is open, and what travels
 * together. Hosts that share it compute the same bits.
 *
 * @param network the network
 * @param parameters those that are differentiated by
 * @param samples most samples of a micro-batch
 * @param bound bytes that a pass may take
 * @param precision width of the numbers
 */
public record RowPlanner(
    Graph network, List<String> parameters, int samples, long bound, Precision precision) {
  /** Copies the list. */
  public RowPlanner {
    parameters = List.copyOf(parameters);
  }

  /** The graphs of some requests, for one pass. */
  public RowPass pass(List<RowRequest> requests) {
    return new RowPass(
        requests.stream().map(request -> RowGraphs.of(network, parameters, request)).toList());
  }

  /**
   * What travels together in a pass.
   *
   * @throws dev.tangents.error.TangentsException of category RESOURCE if nothing fits the bound
   */
  public RowSize size(RowPass pass) {
    return RowSize.fitting(pass, samples, bound, precision);
  }

  /**
   * The request with its mode decided: both are planned, and the one with fewer operations is
   * taken; reverse, if they are equal.
   */
  public RowRequest decided(RowRequest request) {
    if (request.quantity() != Quantity.INPUT_JACOBIAN || request.mode() != Mode.AUTO) {
      return request;
    }
    RowRequest forward = request.withMode(Mode.FORWARD);
    RowRequest reverse = request.withMode(Mode.REVERSE);
    return flops(forward) < flops(reverse) ? forward : reverse;
  }

  private double flops(RowRequest request) {
    RowPass alone = pass(List.of(request));
    return size(alone).flops(alone);
  }
}
