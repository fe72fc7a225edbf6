package dev.tangents.exec.nd4j.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With ND4J's CUDA backend on the class path, as {@code mvn -Pnd4j-cuda} puts it there. */
@Tag("nd4j-cuda")
class Nd4jCudaClassPathTest {
  private final Nd4jCudaLibrary library =
      Nd4jCudaLibrary.find(Nd4jCudaClassPathTest.class.getClassLoader());

  /** All 900 MB are read. */
  @Test
  void tableSaysWhatTheLibraryHolds() throws IOException {
    assertTrue(library.known(), "its bytes are others than those in the table");
    assertEquals(library.read(), library.code());
    assertEquals(
        "machine code for sm_37, sm_50, sm_52, sm_60, sm_61, sm_70, sm_75, sm_80, sm_86 and no PTX",
        library.code().toString());
  }

  @Test
  void gateAdmitsWhatTheBinaryRunsOnAndRefusesWhatIsNewer() {
    Nd4jCudaGate gate = Nd4jCudaGate.onClassPath();
    assertDoesNotThrow(() -> gate.admit("a fake of an RTX A6000", 8, 6));
    TangentsException e =
        assertThrows(TangentsException.class, () -> gate.admit("a fake of an H100", 9, 0));
    assertEquals(Category.SETUP, e.category());
    assertTrue(e.getMessage().contains("sm_86 and no PTX"), e.getMessage());
    assertTrue(e.getMessage().contains("a fake of an H100 of compute capability 9.0"));
    assertTrue(e.getMessage().contains("Use --engine cuda"), e.getMessage());
  }

  /** Both backends are there, and ND4J would try the one for GPUs first. */
  @Test
  void engineOnTheCpuHasTheBackendForTheCpu() {
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      assertTrue(engine.describe().contains("CpuBackend"), engine.describe());
    }
    TangentsException e = assertThrows(TangentsException.class, Nd4jBackends.CUDA::requireLoaded);
    assertTrue(e.getMessage().contains("has loaded org.nd4j.linalg.cpu.nativecpu.CpuBackend"));
  }
}
