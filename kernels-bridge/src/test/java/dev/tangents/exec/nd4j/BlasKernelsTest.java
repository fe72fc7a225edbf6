package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tangents.exec.Precision;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which kernels are in use, and when to say that they are the wrong ones. */
class BlasKernelsTest {
  private static final String NEW = "model name : New\nflags\t\t: fpu fma avx2 avx512dq\n";
  private static final String OLDER = "model name : Older\nflags\t\t: fpu fma avx2\n";
  private static final String OLD = "model name : avx2\nflags\t\t: fpu sse4_1\n";

  @Test
  void theFamilyIsKnownOnceOpenBlasIsLoaded() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      assertNotEquals("unknown", BlasKernels.inUse(), engine::describe);
    }
  }

  @Test
  void aNewProcessorWithOldKernelsGetsAdvice() {
    assertEquals(
        Optional.of(
            "OpenBLAS does not know this processor and uses its BARCELONA kernels, a fraction of what it can"
                + " do. Set the environment variable OPENBLAS_CORETYPE=SkylakeX for driver and executors"),
        BlasKernels.advice("BARCELONA", NEW, ""));
    assertEquals(
        Optional.of(
            "OpenBLAS does not know this processor and uses its PRESCOTT kernels, a fraction of what it can"
                + " do. Set the environment variable OPENBLAS_CORETYPE=Haswell for driver and executors"),
        BlasKernels.advice("PRESCOTT", OLDER, ""));
  }

  @Test
  void fittingKernelsGetNone() {
    assertEquals(Optional.empty(), BlasKernels.advice("HASWELL", NEW, ""));
    assertEquals(Optional.empty(), BlasKernels.advice("ZEN", OLDER, "Zen"));
    assertEquals(Optional.empty(), BlasKernels.advice("NEHALEM", OLD, ""));
    assertEquals(Optional.empty(), BlasKernels.advice("unknown", NEW, ""));
  }

  @Test
  void kernelsThatTheEnvironmentNarrowsGetAdvice() {
    assertEquals(
        Optional.of(
            "OPENBLAS_CORETYPE=Haswell makes OpenBLAS use its HASWELL kernels, about 0.6 of the speed that"
                + " this processor has with its 512-bit arithmetic. Unset it, unless results must equal those"
                + " of older processors bit for bit"),
        BlasKernels.advice("HASWELL", NEW, "Haswell"));
    assertEquals(Optional.empty(), BlasKernels.advice("SKYLAKEX", NEW, "SkylakeX"));
  }
}
