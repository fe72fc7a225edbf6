package dev.tangents.exec.nd4j.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which devices run which code, and what is said where none does. */
class CudaCodeTest {
  private static final CudaCode LIKE_ND4J = CudaCode.of(List.of(37, 70, 75, 80, 86), List.of());

  @ParameterizedTest
  @CsvSource({
    "3.7, true",
    "3.5, false",
    "6.1, false",
    "7.0, true",
    "7.2, true",
    "7.5, true",
    "8.0, true",
    "8.6, true",
    "8.9, true",
    "9.0, false",
    "10.0, false",
    "12.0, false"
  })
  void machineCodeServesLaterMinorsOfItsMajor(String capability, boolean runs) {
    assertEquals(runs, runsOn(LIKE_ND4J, capability));
  }

  @ParameterizedTest
  @CsvSource({"7.5, false", "8.0, true", "9.0, true", "12.0, true"})
  void intermediateCodeServesAllLaterDevices(String capability, boolean runs) {
    assertEquals(runs, runsOn(CudaCode.of(List.of(60), List.of(80)), capability));
  }

  @Test
  void kernelsThatAreMissingInOneBinaryAreMissing() {
    CudaCode other = CudaCode.of(List.of(80, 86, 90), List.of(90));
    assertEquals(CudaCode.of(List.of(80, 86), List.of()), LIKE_ND4J.and(other));
  }

  @Test
  void refusalSaysWhatTheBinaryHoldsWhatTheDeviceIsAndWhatToUse() {
    Nd4jCudaGate gate = Nd4jCudaGate.of(LIKE_ND4J);
    assertDoesNotThrow(() -> gate.admit("NVIDIA RTX A6000", 8, 6));
    TangentsException e =
        assertThrows(TangentsException.class, () -> gate.admit("NVIDIA H100 PCIe", 9, 0));
    assertEquals(Category.SETUP, e.category());
    assertEquals(
        "ND4J CUDA: its binary holds machine code for sm_37, sm_70, sm_75, sm_80, sm_86 and no PTX; the device is"
            + " NVIDIA H100 PCIe of compute capability 9.0 (sm_90), where none of that runs. Use --engine cuda, which"
            + " compiles its kernels for the device that it finds",
        e.getMessage());
  }

  private static boolean runsOn(CudaCode code, String capability) {
    String[] parts = capability.split("\\.", -1);
    return code.runsOn(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }
}
