/**
 * NVIDIA's libraries as a machine has them, called through JNA: {@code libcuda} (the driver), NVRTC
 * (the compiler of kernels) and cuBLAS, of CUDA 12 or 13. No other package of the project names
 * JNA. Which libraries are found, and where they are looked for, is {@link
 * dev.tangents.exec.cuda.driver.NativeCode}'s affair.
 *
 * <p>Start reading at {@link dev.tangents.exec.cuda.driver.CudaContext}.
 */
package dev.tangents.exec.cuda.driver;
