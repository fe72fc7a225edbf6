/**
 * The ND4J engine: the default, on the CPU.
 *
 * <pre>
 *   Nd4jEngine ── Simplify, then Preparation ──┬─ Views          which values need no memory of their own
 *                                              ├─ Placement      which value is in which block of memory
 *                                              ├─ Outputs        which results are computed in place
 *                                              ├─ Nd4jLowerings  primitive -> Step, by family
 *                                              └─ Executing      runs the steps over a Frame
 *   NativeMemory ── NativeBuffer               the one owner of native memory; counts live bytes
 *   BlasKernels                                which kernels BLAS uses, and whether they fit the processor
 *   Nd4jRuntime                                the one class that sets ND4J's global state
 * </pre>
 *
 * <p><b>Memory.</b> Every value is flat and row-major; shapes exist while a graph is prepared and
 * not while it runs. Hence a reshape is no step but a second name for its operand's <em>slot</em>;
 * a broadcast that only elementwise operations read is one too, repeated while it is read.
 *
 * <p>What depends on weights and constants alone is the <em>prologue</em>: it runs while the graph
 * is prepared, and only what the rest reads is kept, each value in a block of its own. A constant
 * with equal elements is never stored where the operation takes a number. The rest, the
 * <em>body</em>, is placed by how long each value lives: a block is used again as soon as its value
 * is dead, an elementwise result takes over a dying operand's block, and a result of the graph is
 * computed in the caller's tensor. All blocks are allocated before the first run, so a run
 * allocates no native memory.
 *
 * <p><b>Arithmetic.</b> Matrix products go to the BLAS that ND4J ships; functions of one number and
 * operations with a number to ND4J; the rest to loops in Java, each with its reason beside it.
 * Every reduction has one fixed order, so bits depend on the number of BLAS threads and the kind of
 * BLAS kernels alone, and {@link dev.tangents.exec.nd4j.Nd4jEngine} sets the first and {@code
 * describe()} tells the second.
 *
 * <p>Start reading at {@link dev.tangents.exec.nd4j.Nd4jEngine}.
 */
package dev.tangents.exec.nd4j;
