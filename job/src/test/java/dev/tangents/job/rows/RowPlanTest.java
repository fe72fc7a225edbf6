package dev.tangents.job.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.plan.ConfiguredModel;
import dev.tangents.rows.RowExecutor;
import dev.tangents.udfs.model.ModelSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowPlanTest {
  private static Configuration configuration(String... flags) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < flags.length; i += 2) {
      values.put(flags[i], new Value(flags[i + 1], "flag --" + flags[i]));
    }
    return Configuration.resolve(List.of(new Layer(values)));
  }

  private static ModelSpec.Loaded load(Configuration configuration) {
    return ConfiguredModel.of(configuration)
        .load(
            name -> {
              throw new AssertionError("no file is opened for " + name);
            });
  }

  private static RowPlan plan(RowCommand kind, String... flags) {
    Configuration configuration = configuration(flags);
    return RowPlan.of(configuration, load(configuration), RowTask.of(kind, configuration), 1000);
  }

  @ParameterizedTest
  @CsvSource({"mlp:4-32-64:tanh, forward", "mlp:64-32-4:tanh, reverse", "mlp:9-9-1:relu, reverse"})
  void autoTakesTheModeWithFewerOperations(String model, String mode) {
    RowPlan plan = plan(RowCommand.JACOBIAN, "model", model);
    assertEquals("by inputs, " + mode, plan.methods().get(0));
  }

  /** As many lanes either way, but tangents carry the wide first layer and cotangents the last. */
  @Test
  void autoLooksAtTheLayersToo() {
    RowPlan auto = plan(RowCommand.JACOBIAN, "model", "mlp:16-256-16-16-16:tanh");
    RowPlan forward =
        plan(RowCommand.JACOBIAN, "model", "mlp:16-256-16-16-16:tanh", "mode", "forward");
    RowPlan reverse =
        plan(RowCommand.JACOBIAN, "model", "mlp:16-256-16-16-16:tanh", "mode", "reverse");
    assertEquals(Math.min(forward.flops(), reverse.flops()), auto.flops());
    assertTrue(forward.flops() != reverse.flops());
  }

  @ParameterizedTest
  @CsvSource({
    "JACOBIAN, mlp:64-128-64-10:tanh",
    "HESSIAN, mlp:64-128-64-10:tanh",
    "HESSIAN, mlp:100-64-40:softplus",
    "JACOBIAN, mlp:300-64-400:relu"
  })
  void memoryBoundsWhatTheEngineHolds(RowCommand kind, String model) {
    for (String mib : List.of("512", "16", "4")) {
      Configuration configuration = configuration("model", model, "memory", mib);
      ModelSpec.Loaded network = load(configuration);
      RowPlan plan = RowPlan.of(configuration, network, RowTask.of(kind, configuration), 1000);
      assertTrue(plan.taskBytes() <= Long.parseLong(mib) << 20, () -> RowPlanText.of(plan));
      try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
          RowExecutor executor =
              new RowExecutor(
                  engine, plan.pass(), network.model().weights(), plan.size(), Precision.FLOAT)) {
        assertTrue(
            executor.bytes() <= plan.taskBytes() + 2 * 4 * network.model().parameterCount(),
            () -> executor.bytes() + " bytes held\n" + RowPlanText.of(plan));
      }
    }
  }

  @Test
  void tooLittleMemoryIsSaidBeforeTheRun() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> plan(RowCommand.HESSIAN, "model", "mlp:1000-8-2:tanh", "memory", "1"));
    assertEquals(Category.RESOURCE, e.category());
    assertTrue(
        e.getMessage()
            .startsWith("memory: the records of one sample and one lane of work take about 8 MiB,"),
        e.getMessage());
  }

  /**
   * A bound beyond two GiB bounds too: what is planned is counted whole, and arrays can hold it.
   */
  @Test
  void memoryBeyondTwoGibibytesIsABound() {
    for (long mib : new long[] {4096, 16384}) {
      RowPlan plan =
          plan(
              RowCommand.HESSIAN,
              "model",
              "mlp:784-64-10:tanh",
              "memory",
              Long.toString(mib),
              "micro-batch",
              "512");
      assertTrue(plan.taskBytes() <= mib << 20, () -> RowPlanText.of(plan));
      assertTrue(plan.size().samples() * plan.pass().numbers() < Integer.MAX_VALUE);
    }
  }

  @Test
  void moreNumbersThanAnArrayHoldsAreRefused() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> plan(RowCommand.JACOBIAN, "model", "mlp:5-4096-4096-1000:relu", "wrt", "params"));
    assertEquals(Category.RESOURCE, e.category());
    assertTrue(e.getMessage().contains("--select-outputs or --params"), e.getMessage());
  }

  @Test
  void settingsThatDoNotGoTogetherAreNamed() {
    assertUser(
        "mode: 'forward' (flag --mode) has a meaning only with --wrt inputs; by parameters the mode"
            + " is reverse. Leave one of the two out",
        RowCommand.JACOBIAN,
        "wrt",
        "params",
        "mode",
        "forward");
    assertUser(
        "params: '0_*' (flag --params) has a meaning only with --wrt params. Leave one of the two"
            + " out",
        RowCommand.JACOBIAN,
        "params",
        "0_*");
    assertUser(
        "tangent: expected 3 numbers, one for each feature, got 2. Give as many, or the name of a"
            + " column",
        RowCommand.JVP,
        "tangent",
        "1,0");
    assertUser(
        "cotangent: missing. Give --cotangent COLUMN|LIST, or the key cotangent in the file of"
            + " --config",
        RowCommand.VJP);
  }

  @Test
  void oneFormOfAHessianIsChosen() {
    assertUser(
        "diagonal, laplacian: both were given; expected one. The Laplacian is the sum of the"
            + " diagonal",
        RowCommand.HESSIAN,
        "diagonal",
        "true",
        "laplacian",
        "true");
    assertUser(
        "order: 'reverse-over-reverse' (flag --order) has a meaning only with the full Hessian."
            + " Leave one of the two out",
        RowCommand.HESSIAN,
        "laplacian",
        "true",
        "order",
        "reverse-over-reverse");
  }

  @Test
  void aSeedNeedsAProjection() {
    for (String wrt : List.of("inputs", "params")) {
      assertUser(
          "seed: '3' (flag --seed) has a meaning only with --project. Leave one of the two out",
          RowCommand.JACOBIAN,
          "wrt",
          wrt,
          "seed",
          "3");
    }
  }

  private static void assertUser(String message, RowCommand kind, String... flags) {
    List<String> all = new java.util.ArrayList<>(List.of("model", "mlp:3-4-2:tanh"));
    all.addAll(List.of(flags));
    TangentsException e =
        assertThrows(TangentsException.class, () -> plan(kind, all.toArray(new String[0])));
    assertEquals(message, e.getMessage());
    assertEquals(Category.USER, e.category());
  }

  @Test
  void filesHoldWholeMicroBatches() {
    RowPlan plan = plan(RowCommand.JACOBIAN, "model", "mlp:64-128-10:tanh", "wrt", "params");
    assertEquals(0, plan.panels().size() % plan.size().samples());
    assertEquals(
        3, plan(RowCommand.JACOBIAN, "model", "mlp:4-4-4:tanh", "tile", "3").panels().size());
    assertEquals(
        3, plan(RowCommand.JACOBIAN, "model", "mlp:4-4-4:tanh", "tile", "3").size().samples());
  }
}
