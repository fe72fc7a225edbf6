/**
 * What runs a graph: the contract of an engine and the types that cross it.
 *
 * <pre>
 *   Engine.prepare(graph, weights) -> Executable        once per (graph, batch shape): plans all memory
 *                                                       in an Arithmetic: strict, unless somebody measures the error
 *   Executable.run(inputs, outputs)                     many times: allocates nothing
 *   DeviceTensor                                        numbers in the engine's memory, owned and closed
 *   HostTensor                                          numbers in a Java array
 * </pre>
 *
 * <p>{@code exec.reference} is plain loops in double, the oracle of every test; {@code exec.nd4j}
 * is the default; {@code exec.cuda} runs on NVIDIA GPUs. This package imports {@code ir} and {@code
 * error}; engines also {@code op} and {@code transform}.
 *
 * <p>Start reading at {@link dev.tangents.exec.Engine}.
 */
package dev.tangents.exec;
