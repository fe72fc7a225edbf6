package dev.tangents.exec.cuda.driver;

import com.sun.jna.ptr.DoubleByReference;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.tangents.error.TangentsException;
import java.util.List;

/** cuBLAS on one stream. One thread at a time. */
public final class Cublas implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so");

  /** CUBLAS_GEMM_DEFAULT. */
  private static final int DEFAULT_ALGORITHM = -1;

  /** CUBLAS_STATUS_ALLOC_FAILED. */
  private static final int NO_MEMORY = 3;

  private final NativeCalls code;
  private final long handle;
  private final PointerByReference scratch = new PointerByReference();
  private final FloatByReference one = new FloatByReference(1);
  private final FloatByReference zero = new FloatByReference(0);
  private final DoubleByReference wideOne = new DoubleByReference(1);
  private final DoubleByReference wideZero = new DoubleByReference(0);

  /** How cuBLAS computes a product: a {@code cublasComputeType_t}, and the width of its numbers. */
  public enum Compute {
    /** CUBLAS_COMPUTE_32F_PEDANTIC: no tensor cores, whatever the environment allows. */
    FLOAT(69, 0),
    /** CUBLAS_COMPUTE_32F_FAST_TF32: operands rounded to TF32. */
    TF32(77, 0),
    /** CUBLAS_COMPUTE_32F_FAST_16BF: operands rounded to BF16. */
    BF16(75, 0),
    /** CUBLAS_COMPUTE_32F of operands in BF16; the result is of floats. */
    BF16_OPERANDS(68, 14, 0),
    /** CUBLAS_COMPUTE_64F_PEDANTIC. */
    DOUBLE(71, 1);

    private final int number;
    private final int operandType;
    private final int resultType;

    Compute(int number, int dataType) {
      this(number, dataType, dataType);
    }

    Compute(int number, int operandType, int resultType) {
      this.number = number;
      this.operandType = operandType;
      this.resultType = resultType;
    }
  }

  private Cublas(NativeCalls code) {
    this.code = code;
    check(code.call("cublasCreate_v2", scratch), "cublasCreate");
    this.handle = address(scratch);
  }

  /**
   * Loads cuBLAS and opens it in the current context.
   *
   * @param stream the driver's stream on which it works
   * @param workspace device memory that it may use, so that it allocates none while it works
   * @throws TangentsException of category SETUP if there is none, saying where it was looked for
   */
  public static Cublas open(long stream, long workspace, long workspaceBytes) {
    return open(load(), stream, workspace, workspaceBytes);
  }

  /** The library of this machine. */
  static NativeCalls load() {
    return NativeCode.open(
        SearchPath.ofMachine(),
        "cuBLAS",
        NAMES,
        "Install the package libcublas-12-x or libcublas-13-x, or Python's nvidia-cublas, and name its folder"
            + " in "
            + SearchPath.VARIABLE);
  }

  /** Opens a library that is loaded. */
  static Cublas open(NativeCalls code, long stream, long workspace, long workspaceBytes) {
    Cublas cublas = new Cublas(code);
    try {
      cublas.check(code.call("cublasSetStream_v2", cublas.handle, stream), "cublasSetStream");
      cublas.check(
          code.call("cublasSetWorkspace_v2", cublas.handle, workspace, workspaceBytes),
          "cublasSetWorkspace");
      return cublas;
    } catch (RuntimeException | Error e) {
      try (cublas) {
        throw e;
      }
    }
  }

  private static long address(PointerByReference reference) {
    return reference.getPointer().getLong(0);
  }

  /** Version, 120900 or so. */
  public int version() {
    IntByReference version = new IntByReference();
    check(code.call("cublasGetVersion_v2", handle, version), "cublasGetVersion");
    return version.getValue();
  }

  /**
   * Column-major C = op(A) op(B) for each of a stack of matrices.
   *
   * @param sizes extents and distances of columns
   * @param operands where the matrices are
   * @param batch number of products
   */
  public void gemm(
      Compute compute,
      boolean transposeA,
      boolean transposeB,
      Sizes sizes,
      Operands operands,
      int batch) {
    boolean wide = compute == Compute.DOUBLE;
    check(
        code.call(
            "cublasGemmStridedBatchedEx",
            handle,
            transposeA ? 1 : 0,
            transposeB ? 1 : 0,
            sizes.m,
            sizes.n,
            sizes.k,
            wide ? wideOne : one,
            operands.a,
            compute.operandType,
            sizes.lda,
            operands.strideA,
            operands.b,
            compute.operandType,
            sizes.ldb,
            operands.strideB,
            wide ? wideZero : zero,
            operands.c,
            compute.resultType,
            sizes.m,
            (long) sizes.m * sizes.n,
            batch,
            compute.number,
            DEFAULT_ALGORITHM),
        "cublasGemmStridedBatchedEx");
  }

  /**
   * Extents of a product.
   *
   * @param m rows of C
   * @param n columns of C
   * @param k inner extent
   * @param lda distance of A's columns
   * @param ldb distance of B's columns
   */
  public record Sizes(int m, int n, int k, int lda, int ldb) {}

  /**
   * Addresses of matrices, and how far the next one of a stack is, in numbers; each C follows the
   * one before.
   *
   * @param a address of A
   * @param strideA to the next A
   * @param b address of B
   * @param strideB to the next B
   * @param c address of C
   */
  public record Operands(long a, long strideA, long b, long strideB, long c) {}

  private void check(int failed, String function) {
    if (failed == NO_MEMORY) {
      throw TangentsException.resource(
          "cuBLAS: out of memory in %s. Use a smaller tile or batch", function);
    }
    if (failed != 0) {
      throw TangentsException.setup(
          "cuBLAS: %s failed with status %d, library %s", function, failed, code.file());
    }
  }

  @Override
  public void close() {
    check(code.call("cublasDestroy_v2", handle), "cublasDestroy");
  }
}
