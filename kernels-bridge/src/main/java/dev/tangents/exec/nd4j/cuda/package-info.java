/**
 * ND4J's CUDA backend: an engine on it, what its binary can run on, and that it is the one which is
 * loaded.
 *
 * <pre>
 *   Nd4jCudaLibrary   the binary on the class path, and the code in it (FatBinaries reads, CudaCode says)
 *   Nd4jCudaGate      stops where the binary has nothing for the device, before any of it is loaded
 *   Nd4jBackends      makes ND4J load the backend that is asked for, and no other
 *   Nd4jCudaEngine    binds its thread to a device; ArrayEngine computes, operation by operation
 *   ArrayKernels      primitive -> operations on whole arrays, by family in the classes *Arrays
 * </pre>
 *
 * <p>The backend's jars are there under the profile {@code nd4j-cuda} alone; nothing here is
 * compiled against them. Devices are those of {@code exec.cuda}. Start reading at {@link
 * dev.tangents.exec.nd4j.cuda.Nd4jCudaGate}.
 */
package dev.tangents.exec.nd4j.cuda;
