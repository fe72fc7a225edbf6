package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The size of a tile where the user gives none. */
class GramRunPlanTest {
  private static GramRunPlan plan(String model, String kernel) {
    Map<String, Value> flags = new LinkedHashMap<>();
    flags.put("model", new Value(model, "test"));
    flags.put("kernel", new Value(kernel, "test"));
    Configuration configuration = Configuration.resolve(List.of(new Layer(flags)));
    NetworkSpec.Network network =
        NetworkSpec.of(configuration)
            .load(
                name -> {
                  throw new AssertionError("no file is opened for " + name);
                });
    return GramRunPlan.of(configuration, network, 100_000, -1);
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

  @ParameterizedTest
  @CsvSource({"mlp:8-512-512-300:tanh, trace"})
  void factorsOfAPanelStayWithinTheirBound(String model, String kernel) {
    GramRunPlan plan = plan(model, kernel);
    assertTrue(plan.tileRows() < 2048, () -> plan.tileRows() + " rows");
    assertTrue(plan.microBatch() <= plan.tileRows());
    assertTrue(plan.panelBytes() <= 600L << 20, () -> plan.panelBytes() + " bytes");
  }
}
