package dev.tangents.exec.cuda;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Precision;
import dev.tangents.ir.Weights;
import dev.tangents.op.Primitives;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.Runs;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine's lowerings against the reference, its kernels interpreted on the host. */
class CudaEngineTest {
  static Stream<PrimitiveCase> table() {
    return PrimitiveTable.all().stream();
  }

  @Test
  void everyPrimitiveHasALowering() {
    try (CudaEngine engine = EmulatedEngines.open(Precision.FLOAT)) {
      assertEquals(Set.copyOf(Primitives.standard()), engine.supported());
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void valueIsTheReferences(PrimitiveCase line) {
    Random random = new Random(1);
    List<double[]> x = line.sample(random);
    List<double[]> expected = Runs.reference(line.graph(), x);
    for (Precision precision : Precision.values()) {
      try (CudaEngine engine = EmulatedEngines.open(precision)) {
        assertClose(
            expected,
            Runs.on(engine, line.graph(), Weights.none(), x),
            precision == Precision.DOUBLE ? 1e-12 : 2e-5,
            precision + " " + line);
        assertEquals(0, engine.liveBytes());
      }
    }
  }

  /** A test's framework closes what it was given, and so does the test. */
  @Test
  void aDeviceIsGivenBackOnce() {
    CudaEngine engine = new CudaEngine(new HostGpu(Precision.FLOAT));
    engine.close();
    assertDoesNotThrow(engine::close);
  }

  @Test
  void aDeviceThatTheCompilerDoesNotKnowGetsWhatTheDriverCompilesOn() {
    List<Integer> known = List.of(75, 80, 90);
    assertEquals("sm_90a", Compiler.architecture(known, 90));
    assertEquals("compute_90", Compiler.architecture(known, 120));
    assertEquals("compute_80", Compiler.architecture(known, 89));
  }
}
