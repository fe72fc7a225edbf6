package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.io.output.RunRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which precisions a run may have. */
class TilePrecisionTest {
  private static Configuration configured(String... pairs) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], new Value(pairs[i + 1], "test"));
    }
    return Configuration.resolve(List.of(new Layer(values)));
  }

  private static String refused(String... pairs) {
    TangentsException e =
        assertThrows(TangentsException.class, () -> TilePrecision.of(configured(pairs)));
    assertEquals(Category.USER, e.category());
    return e.getMessage();
  }

  @ParameterizedTest
  @CsvSource({"3xtf32, TF32X3, 2e-5", "tf32, TF32, 5e-3", "bf16, BF16, 5e-2"})
  void eachPrecisionHasABoundOfItsOwn(String name, Arithmetic arithmetic, double bound) {
    assertEquals(
        new TilePrecision(arithmetic, bound),
        TilePrecision.of(configured("engine", "cuda", "precision", name)));
    assertEquals(
        new TilePrecision(arithmetic, 1e-4),
        TilePrecision.of(configured("engine", "cuda", "precision", name, "max-error", "1e-4")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "cuda", "nd4j-cuda", "reference"})
  void strictIsTheDefaultOfEveryEngineAndWidth(String engine) {
    for (String dtype : List.of("float", "double")) {
      TilePrecision precision = TilePrecision.of(configured("engine", engine, "dtype", dtype));
      assertEquals(TilePrecision.STRICT, precision);
      assertTrue(!precision.reduced());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "nd4j-cuda", "reference"})
  void anEngineThatCannotReduceIsNamed(String engine) {
    assertEquals(
        "precision: the engine %s forms every product strictly; bf16 needs the tensor cores of a GPU. Give --engine"
                .formatted(engine)
            + " cuda, or leave --precision out",
        refused("engine", engine, "precision", "bf16"));
  }

  @Test
  void doublesAreNotReduced() {
    assertTrue(
        refused("engine", "cuda", "dtype", "double", "precision", "3xtf32")
            .startsWith("precision: 3xtf32 is an arithmetic of floats"));
  }

  @Test
  void aBoundBelowZeroIsRefused() {
    assertTrue(
        refused("engine", "cuda", "precision", "tf32", "max-error", "-1")
            .startsWith("max-error: expected a number of at least 0, got -1.0"));
  }

  @Test
  void anotherPrecisionIsAnotherRun() {
    RunRecord begun =
        new RunRecord(configured("engine", "cuda", "precision", "tf32").shaping(), List.of());
    RunRecord now = new RunRecord(configured("engine", "cuda").shaping(), List.of());
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> begun.requireSame(now, new Path("/out"), false));
    assertTrue(
        e.getMessage().contains("cannot resume: precision is strict, was tf32."), e.getMessage());
  }

  /** Errors of a reduced kernel are not taken for faults by verify; a bound of the user's is. */
  @Test
  void aWholeKernelMayBeAsFarOffAsItsTiles() {
    assertEquals(1e-3, CheckPlan.boundOfKernel(configured()));
    assertEquals(5e-2, CheckPlan.boundOfKernel(configured("engine", "cuda", "precision", "bf16")));
    assertEquals(
        1e-3, CheckPlan.boundOfKernel(configured("engine", "cuda", "precision", "3xtf32")));
    assertEquals(
        2e-6,
        CheckPlan.boundOfKernel(
            configured("engine", "cuda", "precision", "bf16", "max-residual", "2e-6")));
  }
}
