/**
 * Kernels as data: a small language of expressions over buffers, loops and folds, which is printed
 * as CUDA C for the device and can be interpreted on the host. What a kernel computes is therefore
 * testable without a GPU; only the printer is not, and it is short.
 *
 * <p>Start reading at {@link dev.tangents.exec.cuda.code.Kernel}.
 */
package dev.tangents.exec.cuda.code;
