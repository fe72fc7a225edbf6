package dev.tangents.job.stage.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.driver.CudaErrors;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which failures of a stage are those of memory, for which less of it is tried. */
class RehearsalTest {
  static Stream<Arguments> failures() {
    TangentsException full = TangentsException.resource("output: cannot be written");
    return Stream.of(
        Arguments.of(true, CudaErrors.of(2, "cuMemAlloc_v2", "CUDA_ERROR_OUT_OF_MEMORY")),
        Arguments.of(true, TangentsException.resource("Plan: needs 2 bytes")),
        Arguments.of(
            true, TangentsException.resource("refused").causedBy(new OutOfMemoryError("native"))),
        Arguments.of(false, CudaErrors.of(700, "cuMemcpy", "CUDA_ERROR_ILLEGAL_ADDRESS")),
        Arguments.of(false, CudaErrors.of(999, "cuMemcpy", "CUDA_ERROR_UNKNOWN")),
        Arguments.of(false, full.causedBy(new IOException("No space left on device"))),
        Arguments.of(false, TangentsException.data("row 3")),
        Arguments.of(false, new IllegalStateException("a fault")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void memoryIsToldFromDiskAndDevice(boolean memory, RuntimeException failure) {
    assertEquals(memory, Rehearsal.outOfMemory(new SparkException("Job aborted", failure)));
    assertEquals(memory, Rehearsal.outOfMemory(failure));
  }
}
