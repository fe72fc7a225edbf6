package dev.tangents.kernel;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which kernel is asked for, and how it shall be computed where that is not left open.
 *
 * @param kind what happens to the outputs
 * @param components whether each parameter's kernel is kept apart instead of summed
 * @param parameters names of the parameters that take part; the others are constants
 * @param methods how a parameter's kernel is formed; for those not named, and where a parameter
 *     does not allow the method, the planner decides
 * @param tile samples on each side of the tile that the planner decides for
 * @param lanes outputs whose cotangents are pulled back together, 0 for all of them
 */
public record KernelRequest(
    KernelKind kind,
    boolean components,
    List<String> parameters,
    Map<String, Method> methods,
    long tile,
    long lanes) {
  /** The tile that is planned for unless another is named. */
  public static final long STANDARD_TILE = 512;

  /** Copies the lists. */
  public KernelRequest {
    parameters = List.copyOf(parameters);
    methods = Map.copyOf(methods);
  }

  /** A request for all outputs at once, every parameter by the planner's method. */
  public KernelRequest(KernelKind kind, boolean components, List<String> parameters) {
    this(kind, components, parameters, Map.of(), STANDARD_TILE, 0);
  }

  /** A request for all outputs at once, every parameter by one method where it allows it. */
  public KernelRequest(
      KernelKind kind, boolean components, List<String> parameters, Method method) {
    this(
        kind,
        components,
        parameters,
        parameters.stream().distinct().collect(Collectors.toMap(name -> name, name -> method)),
        STANDARD_TILE,
        0);
  }

  /** This request, planned for another tile, a number of outputs at a time. */
  public KernelRequest planned(long samples, long outputs) {
    return new KernelRequest(kind, components, parameters, methods, samples, outputs);
  }

  /** This request with the methods that were decided on. */
  public KernelRequest decided(Map<String, Method> decided) {
    return new KernelRequest(kind, components, parameters, decided, tile, lanes);
  }

  /** The method asked for. */
  Method method(String parameter) {
    return methods.getOrDefault(parameter, Method.AUTO);
  }
}
