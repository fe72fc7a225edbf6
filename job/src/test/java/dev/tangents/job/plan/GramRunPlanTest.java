package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.Factors;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.Method;
import dev.tangents.kernel.Rates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The size of a tile where the user gives none. */
class GramRunPlanTest {
  private static final GramRunPlan.Memory MEMORY = new GramRunPlan.Memory(1024, 512);

  private static GramRunPlan plan(String model, String kernel) {
    Configuration configuration = configuration(Map.of("model", model, "kernel", kernel));
    return GramRunPlan.of(
        configuration, network(NetworkSpec.of(configuration)), List.of(100_000L), MEMORY);
  }

  private static Configuration configuration(Map<String, String> settings) {
    Map<String, Value> flags = new LinkedHashMap<>();
    settings.forEach((key, value) -> flags.put(key, new Value(value, "test")));
    return Configuration.resolve(List.of(new Layer(flags)));
  }

  private static NetworkSpec.Network network(NetworkSpec spec) {
    return spec.load(
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "mlp:8-16-1:relu, trace, 2048",
    "mlp:8-16-16:relu, trace, 2048",
    "mlp:8-16-16:relu, full, 128",
    "mlp:8-16-16:relu, per-output, 512",
    "mlp:8-16-16:relu, sum, 2048"
  })
  void resultsOfATileStayOfOneSize(String model, String kernel, int rows) {
    assertEquals(rows, plan(model, kernel).tileRows());
  }

  /** Panels and caches of a GPU, and the rates that checks are planned by. */
  @Test
  void onAGpuMoreIsHeldUnlessTheUserSaysOtherwise() {
    Configuration onCpu = configuration(Map.of("engine", "nd4j"));
    Configuration onGpu = configuration(Map.of("engine", "cuda"));
    Configuration asked = configuration(Map.of("engine", "cuda", "panel-mib", "1024"));
    assertEquals(new GramRunPlan.Memory(1024, 2048), GramRunPlan.Memory.of(onCpu));
    assertEquals(new GramRunPlan.Memory(4096, 8192), GramRunPlan.Memory.of(onGpu));
    assertEquals(new GramRunPlan.Memory(1024, 8192), GramRunPlan.Memory.of(asked));
    assertEquals(Rates.GPU, GramRunPlan.ratesOf(onGpu));
    assertEquals(Rates.REFERENCE, GramRunPlan.ratesOf(onCpu));
  }

  /** As tiles on an H200 gained, less what a call takes in any arithmetic. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "trace, strict, 1, 1",
    "trace, 3xtf32, 2.3, 2.4",
    "trace, tf32, 6.8, 7.4",
    "trace, bf16, 11.5, 13.3",
    // Products of outputs, which are cuBLAS's.
    "full, 3xtf32, 1, 1",
    "full, bf16, 1.5, 12.9",
    "per-output, bf16, 1.5, 12.9"
  })
  void aReducedPrecisionIsPredictedByItsOwnRates(
      String kernel, String precision, double least, double most) {
    double gain = tileSeconds(kernel, "strict") / tileSeconds(kernel, precision);
    assertTrue(gain > least * 0.99 && gain < most * 1.01, () -> "gain " + gain);
  }

  private static double tileSeconds(String kernel, String precision) {
    Map<String, String> settings =
        Map.of(
            "model",
            "mlp:784-1024-1024-1024-10:relu",
            "engine",
            "cuda",
            "kernel",
            kernel,
            "precision",
            precision);
    Configuration configuration = configuration(settings);
    GramRunPlan plan =
        GramRunPlan.of(
            configuration, network(NetworkSpec.of(configuration)), List.of(32_768L), MEMORY);
    String text =
        PlanTable.text(plan, Rates.GPU, FactorPlan.of(Factors.AUTO, plan, 2), Optional.empty());
    boolean reduced = !precision.equals("strict");
    assertEquals(reduced, text.contains("by " + precision + " in tiles"), text);
    assertTrue(text.matches("(?s).*memory a task +about .*"), text);
    return plan.tileSeconds(Rates.GPU);
  }

  /** Cotangents of 300 outputs at once would leave a few hundred rows; in passes a tile is full. */
  @Test
  void manyOutputsGoInPasses() {
    GramRunPlan plan = plan("mlp:8-512-512-300:tanh", "trace");
    assertEquals(2048, plan.tileRows());
    assertTrue(plan.plan().passes() > 1, () -> plan.plan().passes() + " passes");
    assertTrue(plan.panelBytes() <= 1L << 30, () -> plan.panelBytes() + " bytes");
  }

  /** Weights are read in every run: more samples share them where that takes little memory. */
  @ParameterizedTest(name = "{0}, {1}, N = {2}")
  @CsvSource({
    "mlp:784-1024-1024-1024-1:relu, , 49152, 2048",
    "mlp:784-1024-1024-1024-1:relu, 256, 49152, 256",
    "mlp:784-1024-1024-1024-1:relu, , 4096, 2048",
    "mlp:784-1024-1024-1024-1:relu, , 1797, 2048",
    "mlp:784-1024-1024-1024-2:relu, 512, 4096, 512",
    "mlp:64-20000-1:relu, , 49152, 256"
  })
  void runsOfTheNetworkGrowWhereTheyAreSmall(String model, Long asked, long samples, int batch) {
    Map<String, String> settings = new LinkedHashMap<>(Map.of("model", model));
    if (asked != null) {
      settings.put("micro-batch", asked.toString());
    }
    Configuration configuration = configuration(settings);
    GramRunPlan plan =
        GramRunPlan.of(
            configuration, network(NetworkSpec.of(configuration)), List.of(samples), MEMORY);
    assertEquals(batch, plan.microBatch());
    assertEquals(0, plan.grid().rows().size() % batch);
  }

  /** The full kernel pairs all outputs, so its panels get smaller instead. */
  @Test
  void factorsOfAPanelStayWithinTheirBound() {
    GramRunPlan plan = plan("mlp:8-4096-4096-300:tanh", "full");
    assertEquals(1, plan.plan().passes());
    assertTrue(plan.microBatch() <= plan.tileRows());
    assertTrue(plan.panelBytes() <= 1L << 30, () -> plan.panelBytes() + " bytes");
  }

  private static Map<String, Method> methods(String text) {
    Configuration configuration =
        configuration(Map.of("model", "mlp:8-16-2:relu?bias=false", "method", text));
    return network(NetworkSpec.of(configuration)).plan().methods();
  }

  @Test
  void methodsAreByPatternTheLaterFirst() {
    assertEquals(
        Map.of("0.weight", Method.INPUTS_FIRST, "1.weight", Method.GRADIENT_FIRST),
        methods("1.weight=half-way,*=gradient-first,0.*=inputs-first"));
    assertEquals(
        Map.of("0.weight", Method.HALF_WAY, "1.weight", Method.INPUTS_FIRST),
        methods("0.weight=half-way"));
  }

  @Test
  void mistakesInMethodsAreNamed() {
    assertEquals(
        "method: expected PATTERN=METHOD with one of auto, gradient-first, inputs-first, half-way, got"
            + " '0.weight=fast' in '*=auto,0.weight=fast'",
        assertThrows(TangentsException.class, () -> methods("*=auto,0.weight=fast")).getMessage());
    assertEquals(
        "method: 'conv*' matches no parameter of the model, which has 0.weight, 1.weight",
        assertThrows(TangentsException.class, () -> methods("conv*=auto")).getMessage());
  }

  /** What the driver has decided is what an executor builds from the specification. */
  @Test
  void decidedSpecificationGivesThePlanAgain() {
    Configuration configuration =
        configuration(Map.of("model", "mlp:8-512-512-300:tanh", "method", "*=gradient-first"));
    NetworkSpec spec = NetworkSpec.of(configuration);
    KernelPlan plan =
        GramRunPlan.of(configuration, network(spec), List.of(100_000L), MEMORY).plan();
    KernelPlan again = network(spec.decided(plan)).plan();
    assertEquals(plan.methods(), again.methods());
    assertEquals(plan.lanes(), again.lanes());
    assertEquals(plan.request().tile(), again.request().tile());
  }
}
