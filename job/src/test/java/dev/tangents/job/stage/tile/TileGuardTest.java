package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import dev.tangents.job.plan.CheckPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TilePrecision;
import dev.tangents.job.testkit.RoundingEngine;
import dev.tangents.udfs.executor.EngineName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tiles in a reduced arithmetic are written, on an engine that rounds to BF16. */
class TileGuardTest {
  private static final int SAMPLES = 4;
  private static final double RESIDUAL = 1e-3;

  /** A tile whose turn to be checked does not come. */
  private static final Tile TILE = new Tile(3, 5);

  private static final TileWorker.Pair PAIR =
      new TileWorker.Pair(
          new RandomPanel("samples/panel-3", 7, Kernels.WIDTH, 1),
          new RandomPanel("samples/panel-5", 6, Kernels.WIDTH, 2));

  private static final TileGuard.Formed FORMED =
      new TileGuard.Formed(TILE, PAIR, PAIR, 300, 500, Set.of());

  private final TaskReport report = new TaskReport("an engine", List.of());
  private TileWorker worker;

  private void open(String kernel) {
    KernelSpec kernelSpec = Kernels.of(kernel, EngineName.CUDA, Arithmetic.BF16, SAMPLES);
    NetworkSpec.Network network =
        kernelSpec.network().planned(kernelSpec.model().load(name -> null));
    worker = new TileWorker(kernelSpec, network, gpu -> new RoundingEngine());
  }

  @AfterEach
  void close() {
    worker.close();
  }

  private TileGuard guard(int every, double maxError) {
    TilePrecision precision = new TilePrecision(Arithmetic.BF16, maxError);
    CheckPlan plan = new CheckPlan(SAMPLES, every, RESIDUAL, precision);
    return new TileGuard(plan, worker, report, (tile, tensors) -> {});
  }

  private List<HostTensor> tile() {
    return worker.tiles(List.of(PAIR), Set.of()).get(0);
  }

  private Map<String, Object> errors() {
    return report.errors().facts(new TilePrecision(Arithmetic.BF16, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "full", "per-output", "sum"})
  void aTileThatIsCloseStaysAndSaysHowClose(String kernel) {
    open(kernel);
    List<HostTensor> tile = tile();
    TileGuard.Passed passed = guard(1, 5e-2).pass(FORMED, tile);
    assertSame(tile, passed.tile());
    Map<String, String> facts = passed.facts();
    assertEquals("bf16", facts.get("tangents.precision"));
    double error = Double.parseDouble(facts.get("tangents.error"));
    assertTrue(error > 1e-4 && error <= 5e-2, facts::toString);
    String[] place = facts.get("tangents.error-at").split(",", -1);
    int row = Integer.parseInt(place[0]) - 300;
    int column = Integer.parseInt(place[1]) - 500;
    assertTrue(row >= 0 && row < 7 && column >= 0 && column < 6, facts::toString);
    assertTrue(difference(tile, row, column) > 0, "no error at the place of the largest");
    // Of the strict sample, so of rounding to float alone.
    assertTrue(Double.parseDouble(facts.get("tangents.residual")) < 1e-5, facts::toString);
    assertEquals(1, errors().get("tiles-measured"));
    assertEquals(0, errors().get("tiles-computed-again-strictly"));
    assertEquals(300L + row, errors().get("worst-error-row"));
  }

  private double difference(List<HostTensor> tile, int row, int column) {
    HostTensor strict = worker.strictly(PAIR, Set.of()).get(0);
    double largest = 0;
    for (int block = 0; block < strict.shape().dim(0); block++) {
      int at = (block * 7 + row) * 6 + column;
      largest = Math.max(largest, Math.abs(strict.at(at) - tile.get(0).at(at)));
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "full", "per-output", "sum"})
  void aTileThatIsTooFarOffIsComputedAgainStrictlyAndChecked(String kernel) {
    open(kernel);
    List<HostTensor> tile = tile();
    float[] strict = worker.strictly(PAIR, Set.of()).get(0).floats().clone();
    TileGuard.Passed passed = guard(Integer.MAX_VALUE, 1e-6).pass(FORMED, tile);
    assertTrue(!Arrays.equals(strict, tile.get(0).floats()), "the engine rounds nothing");
    assertArrayEquals(strict, passed.tile().get(0).floats());
    assertEquals("strict", passed.facts().get("tangents.precision"));
    assertTrue(Double.parseDouble(passed.facts().get("tangents.error")) > 1e-6);
    assertTrue(Double.parseDouble(passed.facts().get("tangents.residual")) < 1e-5);
    assertEquals(1, errors().get("tiles-computed-again-strictly"));
    assertEquals(0.0, errors().get("worst-error"));
  }

  @Test
  void aDamagedEntryIsSeenAndTheTileReplaced() {
    open("trace");
    List<HostTensor> tile = tile();
    Arrays.fill(tile.get(0).floats(), 0, 12, Float.NaN);
    TileGuard.Passed passed = guard(Integer.MAX_VALUE, 5e-2).pass(FORMED, tile);
    assertArrayEquals(
        worker.strictly(PAIR, Set.of()).get(0).floats(), passed.tile().get(0).floats());
    assertEquals(Double.POSITIVE_INFINITY, errors().get("worst-error-replaced"));
  }

  /** Of 42 entries the sample sees 16. */
  @Test
  void anInfinityAnywhereHasTheTileComputedStrictly() {
    open("trace");
    float[] strict = worker.strictly(PAIR, Set.of()).get(0).floats().clone();
    float[] reduced = tile().get(0).floats().clone();
    for (int at = 0; at < reduced.length; at++) {
      float[] numbers = reduced.clone();
      numbers[at] = Float.POSITIVE_INFINITY;
      List<HostTensor> tile = List.of(HostTensor.of(Shape.of(1, 7, 6), numbers));
      TileGuard.Passed passed = guard(Integer.MAX_VALUE, 5e-2).pass(FORMED, tile);
      assertArrayEquals(strict, passed.tile().get(0).floats(), "entry " + at);
    }
  }

  @Test
  void aTileWhoseStrictSampleFailsItsCheckIsComputedAgainAndCheckedItself() {
    open("trace");
    TilePrecision anyError = new TilePrecision(Arithmetic.BF16, Double.MAX_VALUE);
    CheckPlan plan = new CheckPlan(SAMPLES, 1, 0, anyError);
    TileGuard guard = new TileGuard(plan, worker, report, (tile, tensors) -> {});
    TangentsException e = assertThrows(TangentsException.class, () -> guard.pass(FORMED, tile()));
    assertTrue(e.getMessage().contains("tile 3, 5 failed its check twice"), e.getMessage());
    assertEquals(1, errors().get("tiles-computed-again-strictly"));
    assertEquals(0, report.checks());
  }

  @Test
  void whatAFooterSaysIsReportedAsWhenTheTileWasComputed() {
    open("trace");
    TileGuard guard = guard(1, 5e-2);
    Map<String, String> stayed = guard.pass(FORMED, tile()).facts();
    Map<String, String> replaced = guard(1, 1e-6).pass(FORMED, tile()).facts();
    TaskReport resumed = new TaskReport("an engine", List.of());
    TileGuard reader =
        new TileGuard(
            new CheckPlan(SAMPLES, 1, RESIDUAL, new TilePrecision(Arithmetic.BF16, 5e-2)),
            worker,
            resumed,
            (tile, tensors) -> {});
    reader.kept(stayed);
    reader.kept(replaced);
    reader.kept(Map.of());
    Map<String, Object> facts = resumed.errors().facts(new TilePrecision(Arithmetic.BF16, 0));
    assertEquals(errors().get("worst-error-row"), facts.get("worst-error-row"));
    assertEquals(errors().get("worst-error-column"), facts.get("worst-error-column"));
    assertEquals(2, facts.get("tiles-measured"));
    assertEquals(1, facts.get("tiles-computed-again-strictly"));
    assertEquals(2, resumed.checks());
  }
}
