package dev.tangents.exec.nd4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.driver.DeviceLostException;
import org.junit.jupiter.api.Test;

/** What a run does next depends on which of ND4J's exceptions it was. */
class Nd4jCudaErrorsTest {
  @Test
  void memoryThatRanOutIsPlannedAgain() {
    RuntimeException refused = new RuntimeException("[DEVICE] allocation failed; Error code: [2]");
    assertEquals(Category.RESOURCE, thrown(refused, TangentsException.class).category());
    OutOfMemoryError heap = new OutOfMemoryError("Physical memory usage is too high");
    TangentsException e = thrown(heap, TangentsException.class);
    assertEquals(Category.RESOURCE, e.category());
    assertTrue(e.getMessage().contains("--panel-mib"), e.getMessage());
  }

  @Test
  void deviceThatIsLostEndsTheProcess() {
    RuntimeException lost = new RuntimeException("transformFloat failed; Error code: [700]");
    assertEquals(700, thrown(lost, DeviceLostException.class).code());
  }

  @Test
  void otherExceptionsAreThrownUnchanged() {
    RuntimeException other = new IllegalStateException("Op [matmul] failed");
    assertSame(other, thrown(other, IllegalStateException.class));
    TangentsException known = TangentsException.model("no kernel; Error code: [700]");
    assertSame(known, thrown(known, TangentsException.class));
  }

  private static <T extends Throwable> T thrown(Throwable failure, Class<T> expected) {
    return assertThrows(
        expected,
        () ->
            Nd4jCudaErrors.translated(
                () -> {
                  if (failure instanceof Error error) {
                    throw error;
                  }
                  throw (RuntimeException) failure;
                }));
  }
}
