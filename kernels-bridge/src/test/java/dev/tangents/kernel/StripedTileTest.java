package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Shape;
import dev.tangents.testkit.Engines;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tile of more rows than a strip: two full strips and a rest. */
class StripedTileTest {
  private static final int ROWS = 1100;
  private static final int COLUMNS = 7;
  private static final int PIECE = 100;

  static Stream<Engine> engines() {
    return Stream.of(new ReferenceEngine(), Engines.forMany(Precision.DOUBLE));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void equalsTheTilesOfItsPieces(Engine engine) {
    Model model = Grams.mlp("mlp:3-5-2:tanh?param=ntk&bias=true&seed=4");
    double[] x = new Random(1).doubles(ROWS * 3, -1, 1).toArray();
    double[] y = new Random(2).doubles(COLUMNS * 3, -1, 1).toArray();
    List<String> parameters = Grams.parameters(model.graph());
    KernelRequest request = new KernelRequest(KernelKind.TRACE, true, parameters);
    KernelPlan plan = KernelPlan.of(model.graph(), request);
    try (engine;
        GramKernel kernel = new GramKernel(engine, plan, model.weights(), 32);
        Panel columns = kernel.panel(HostTensor.of(Shape.of(COLUMNS, 3), y));
        Panel rows = kernel.panel(HostTensor.of(Shape.of(ROWS, 3), x))) {
      for (int c = 0; c < parameters.size(); c++) {
        HostTensor tile = kernel.tile(rows, columns).block(c).read();
        assertEquals(Shape.of(1, ROWS, COLUMNS), tile.shape());
        for (int from = 0; from < ROWS; from += PIECE) {
          double[] part = Arrays.copyOfRange(x, from * 3, (from + PIECE) * 3);
          try (Panel piece = kernel.panel(HostTensor.of(Shape.of(PIECE, 3), part))) {
            assertArrayEquals(
                kernel.tile(piece, columns).block(c).read().doubles(),
                Arrays.copyOfRange(tile.doubles(), from * COLUMNS, (from + PIECE) * COLUMNS),
                1e-13);
          }
        }
      }
    }
  }
}
