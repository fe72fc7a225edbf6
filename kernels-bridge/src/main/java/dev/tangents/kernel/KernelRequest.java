package dev.tangents.kernel;

import java.util.List;

/**
 * Which kernel is asked for.
 *
 * @param kind what happens to the outputs
 * @param components whether each parameter's kernel is kept apart instead of summed
 * @param parameters names of the parameters that take part; the others are constants
 * @param method how each parameter's kernel is formed
 */
public record KernelRequest(
    KernelKind kind, boolean components, List<String> parameters, Method method) {
  /** Copies the list. */
  public KernelRequest {
    parameters = List.copyOf(parameters);
  }

  /** The sum over parameters, each by the cheaper method. */
  public KernelRequest(KernelKind kind, boolean components, List<String> parameters) {
    this(kind, components, parameters, Method.AUTO);
  }
}
