package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Cleanup;
import dev.tangents.exec.cuda.driver.Cublas;
import dev.tangents.exec.cuda.driver.CudaContext;
import dev.tangents.exec.cuda.driver.CudaDriver;
import dev.tangents.exec.cuda.driver.Staging;
import java.util.Random;

/**
 * The baseline of benchmarks: C = X Y^T of random n x n matrices by cuBLAS, operands already in the
 * format of the arithmetic, C in float. One thread at a time.
 */
public final class LargeProduct implements Runnable, AutoCloseable {
  private static final long WORKSPACE = 64L << 20;

  /** A prime, so that rows do not repeat each other. */
  private static final int DIFFERENT = 1_000_003;

  private final int n;
  private final Cublas.Compute compute;
  private final CudaContext context;
  private final Cublas cublas;
  private final long workspace;
  private final long[] matrices = new long[3];
  private final Cleanup cleanup = new Cleanup();

  private LargeProduct(CudaContext context, int n, Cublas.Compute compute) {
    this.context = context;
    this.n = n;
    this.compute = compute;
    cleanup.add(context::close);
    try (Staging staging = new Staging(context)) {
      this.workspace = allocate(WORKSPACE);
      for (int i = 0; i < matrices.length; i++) {
        matrices[i] = allocate(4L * n * n);
        staging.write(matrices[i], operand(n, compute, i));
      }
      context.synchronise();
      this.cublas = Cublas.open(context.stream(), workspace, WORKSPACE);
      cleanup.add(cublas::close);
    } catch (RuntimeException | Error e) {
      try (cleanup) {
        throw e;
      }
    }
  }

  private long allocate(long bytes) {
    long address = context.allocate(bytes);
    cleanup.add(() -> context.free(address));
    return address;
  }

  /**
   * Prepares one on a device.
   *
   * @param n rows, columns and inner extent, even
   * @param arithmetic of floats; 3xTF32, which cuBLAS does not have, is not taken
   * @throws dev.tangents.error.TangentsException of category RESOURCE if the device has too little
   *     memory, of category SETUP if a library is missing
   */
  public static LargeProduct open(int ordinal, int n, Arithmetic arithmetic) {
    Cublas.Compute compute =
        switch (arithmetic) {
          case STRICT -> Cublas.Compute.FLOAT;
          case TF32 -> Cublas.Compute.TF32;
          case BF16 -> Cublas.Compute.BF16_OPERANDS;
          case TF32X3 -> throw new IllegalArgumentException("cuBLAS has no 3xTF32");
        };
    return new LargeProduct(new CudaContext(CudaDriver.open(), ordinal), n, compute);
  }

  /**
   * Normal numbers, a million of them again and again; of BF16 two in the place of a float, the
   * first in its lower half.
   */
  private static float[] operand(int n, Cublas.Compute compute, int seed) {
    Random random = new Random(seed);
    boolean pairs = compute == Cublas.Compute.BF16_OPERANDS;
    float[] some = new float[DIFFERENT];
    for (int i = 0; i < some.length; i++) {
      int first = Float.floatToRawIntBits((float) random.nextGaussian());
      int second = Float.floatToRawIntBits((float) random.nextGaussian());
      some[i] = Float.intBitsToFloat(pairs ? (first >>> 16) | (second & 0xffff0000) : first);
    }
    float[] numbers = new float[pairs ? n * n / 2 : n * n];
    for (int from = 0; from < numbers.length; from += DIFFERENT) {
      System.arraycopy(some, 0, numbers, from, Math.min(DIFFERENT, numbers.length - from));
    }
    return numbers;
  }

  /** Forms the product; it is there on return. */
  @Override
  public void run() {
    Cublas.Sizes sizes = new Cublas.Sizes(n, n, n, n, n);
    Cublas.Operands operands = new Cublas.Operands(matrices[0], 0, matrices[1], 0, matrices[2]);
    context.enter();
    cublas.gemm(compute, true, false, sizes, operands, 1);
    context.synchronise();
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
