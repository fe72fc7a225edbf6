/**
 * Runs graphs on NVIDIA GPUs of compute capability 7.0 and later, with CUDA 12 or 13 as the machine
 * has it: the driver, NVRTC and cuBLAS, found at run time and called through JNA.
 *
 * <pre>
 *   CudaEngine       prepare: Simplify, then Preparation
 *     Fusion         which values are formed in memory; the others are computed where they are read
 *       Tiles        sums of (A A'^T + shift) o (D D'^T), one kernel each
 *       TileSource, WarpgroupTile   their kernels; on Hopper of factors in Pieces (Packing)
 *     Steps          a product by cuBLAS, or a kernel that KernelBuilder makes of Pulls and Pushes
 *     Arena          all memory, placed before anything is allocated
 *   Executing        run: asks the device for the steps, or replays them (Recordings)
 *   Gpu              the seam: DriverGpu is a device, in tests HostGpu interprets the same kernels
 * </pre>
 *
 * <p>A <em>pull</em> is the formula of one element of a primitive's result, a <em>push</em> a
 * kernel of its own; {@code code} is the language of both, {@code driver} the door to NVIDIA's
 * libraries. Imports {@code exec}, {@code op}, {@code transform}, {@code ir}, {@code error} and, to
 * fold constants, {@code exec.reference}.
 *
 * <p>Start reading at {@link dev.tangents.exec.cuda.CudaEngine}.
 */
package dev.tangents.exec.cuda;
