/**
 * Runs graphs on NVIDIA GPUs of compute capability 7.0 and later, with CUDA 12 or 13 as the machine
 * has it: the driver, NVRTC and cuBLAS, found at run time and called through JNA.
 *
 * <p>Start reading at {@link dev.tangents.exec.cuda.CudaDevices}.
 */
package dev.tangents.exec.cuda;
