package dev.tangents.job.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Shape;
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
  void allNumbersOfAllResultsAreSummedThoseWithoutRowsToo() {
    Nd4jEngine engine = new Nd4jEngine(Precision.DOUBLE);
    try (Workbench bench = new Workbench(engine)) {
      DeviceTensor table = bench.tensor(HostTensor.of(Shape.of(2, 2), 1d, -2d, 3d, 4d));
      DeviceTensor number = bench.tensor(HostTensor.of(Shape.of(), 5d));
      Measured measured = Measured.of("a", 2, List.of(table, number));
      assertEquals(new Measured("a", 2, 11, Math.sqrt(55), ""), measured);
    }
  }

  @Test
  void aBatchThatIsTooLargeIsRefused() {
    Model model = BenchModels.load("mlp:784-2:tanh");
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> ModelBench.run(model.graph(), model.weights(), 1 << 20, Precision.FLOAT));
    assertEquals(
        "batch: 1,048,576 samples of 784 numbers take 6.1 GiB; expected at most 1. Choose a smaller"
            + " --batch",
        e.getMessage());
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
