package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Shape;
import dev.tangents.testkit.Engines;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel of a panel with itself, of which a half is formed. */
class TriangleTileTest {
  private static KernelPlan plan(Model model, KernelKind kind, boolean components) {
    return KernelPlan.of(
        model.graph(), new KernelRequest(kind, components, Grams.parameters(model.graph())));
  }

  private static HostTensor samples(int rows) {
    return HostTensor.of(Shape.of(rows, 3), new Random(1).doubles(rows * 3L, -1, 1).toArray());
  }

  /** Two strips, four, and four with a shorter one. */
  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 1051})
  void equalsTheTileOfThePanelAndACopyOfIt(int rows) {
    Model model = Grams.mlp("mlp:3-5-2:tanh?param=ntk&bias=true&seed=4");
    KernelPlan plan = plan(model, KernelKind.TRACE, true);
    try (Engine engine = Engines.forMany(Precision.DOUBLE);
        GramKernel kernel = new GramKernel(engine, plan, model.weights(), 32);
        Panel panel = kernel.panel(samples(rows))) {
      assertTrue(TriangleTile.serves(plan, rows));
      TileShare half = kernel.diagonal(panel, Arithmetic.STRICT);
      assertTrue(plan.components().size() > 1);
      TileResult tile = kernel.tile(panel, panel);
      for (int c = 0; c < plan.components().size(); c++) {
        assertEquals(Shape.of(1, rows, rows), half.read(c).shape());
        HostArrays arrays = new HostArrays(1);
        HostTensor dirty = HostTensor.zeros(Shape.of(rows, rows), Precision.DOUBLE);
        Arrays.fill(dirty.doubles(), Double.NaN);
        arrays.give(dirty);
        assertArrayEquals(tile.block(c).read().doubles(), half.read(c, arrays).doubles(), 1e-13);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"TRACE, 511", "FULL, 512", "PER_OUTPUT, 512"})
  void smallPanelsAndBlocksAreFormedWhole(KernelKind kind, int rows) {
    Model model = Grams.mlp("mlp:3-5-2:tanh?seed=4");
    KernelPlan plan = plan(model, kind, false);
    assertFalse(TriangleTile.serves(plan, rows));
    assertEquals(plan.tileFlops(rows, rows), plan.diagonalFlops(rows));
    assertEquals(0, plan.diagonalNumbers(rows));
    try (Engine engine = new ReferenceEngine();
        GramKernel kernel = new GramKernel(engine, plan, model.weights(), 32);
        Panel panel = kernel.panel(samples(rows))) {
      assertArrayEquals(
          kernel.tile(panel, panel).block(0).read().doubles(),
          kernel.diagonal(panel, Arithmetic.STRICT).read(0).doubles());
    }
  }

  /**
   * 1 + 3/4 + 2/4 + 1/4 of four strips, and what is held on a host is known before it is. What a
   * GPU holds is known once it has rehearsed: one kernel adds Gram matrices that are all there.
   */
  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void operationsAndMemoryAreCounted(int rows) {
    Model model = Grams.mlp("mlp:3-64-64-1:relu?seed=4");
    KernelPlan plan = plan(model, KernelKind.TRACE, false);
    assertEquals(0.625, plan.diagonalFlops(rows) / plan.tileFlops(rows, rows), 1e-9);
    try (Engine engine = new Nd4jEngine(Precision.FLOAT);
        GramKernel kernel = new GramKernel(engine, plan, model.weights(), 32)) {
      kernel.rehearse(rows, rows, 0, 1, Set.of(Arithmetic.STRICT), false);
      long without = kernel.bytes();
      kernel.rehearse(rows, rows, 0, 1, Set.of(Arithmetic.STRICT), true);
      long more = kernel.bytes() - without;
      assertTrue(more > 0);
      assertTrue(
          more <= 1.01 * Float.BYTES * plan.diagonalNumbers(rows),
          () -> more + " bytes, not " + Float.BYTES * plan.diagonalNumbers(rows));
    }
  }
}
