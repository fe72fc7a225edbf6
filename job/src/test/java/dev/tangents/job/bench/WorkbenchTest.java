package dev.tangents.job.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.importer.Model;
import dev.tangents.job.bench.Workbench.Prepared;
import dev.tangents.transform.Batch;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The benchmarks' own arithmetic; nothing here is timed. */
class WorkbenchTest {
  @Test
  void theLoopOverSamplesComputesWhatTheBatchComputesAndAllIsFreed() {
    Model model = BenchModels.load("mlp:3-4-2:tanh?seed=1");
    HostTensor samples = Workbench.random(5, 3);
    Nd4jEngine engine = new Nd4jEngine(Precision.DOUBLE);
    try (Workbench bench = new Workbench(engine)) {
      Prepared batch =
          bench.prepare(Batch.of(model.graph(), Set.of("x"), 5), model.weights(), samples);
      Prepared loop = bench.loop(model.graph(), model.weights(), samples);
      batch.run();
      loop.run();
      assertArrayEquals(batch.result(0), loop.result(0), 1e-15);
    }
    assertEquals(0, engine.liveBytes());
  }

  @Test
  void ratiosSayWhatTheirNamesSay() {
    assertEquals(new Row("a", 2000, "ms", 4, "m"), Row.times("a", 2, 0.5, "m"));
    assertEquals(new Row("a", 2000, "ms", 0.25, "m"), Row.faster("a", 2, 0.5, "m"));
  }

  @Test
  void theTableShowsRatiosAndLeavesThemOutOfBaselines() {
    List<Row> rows = List.of(Row.baseline("loop", 5, "ms"), Row.faster("batch", 0.001, 0.005, "x"));
    assertEquals(
        "loop        5.000 ms          baseline%nbatch       1.000 ms          5.000 x%n"
            .formatted(),
        Table.text(rows));
  }
}
