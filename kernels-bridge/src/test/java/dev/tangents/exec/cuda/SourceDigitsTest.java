package dev.tangents.exec.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.ir.Weights;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources are C++, whatever digits the user's language writes numbers in. */
class SourceDigitsTest {
  private static final Locale OTHER_DIGITS = Locale.forLanguageTag("ar-EG-u-nu-arab");

  private static <T> T in(Locale locale, Supplier<T> work) {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(locale);
      return work.get();
    } finally {
      Locale.setDefault(before);
    }
  }

  private static void requireSame(Supplier<String> source) {
    assertEquals("\u0667", in(OTHER_DIGITS, () -> String.format("%d", 7)));
    assertEquals(in(Locale.ROOT, source), in(OTHER_DIGITS, source));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void ofAllPrimitives(Precision precision) {
    HostGpu gpu = new HostGpu(precision);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      for (PrimitiveCase line : PrimitiveTable.all()) {
        Runs.on(engine, line.graph(), Weights.none(), line.sample(new Random(1)));
      }
    }
    List<Kernel> kernels = new ArrayList<>(gpu.kernels());
    requireSame(() -> Compiler.source(precision, kernels));
  }

  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void ofTiles(Arithmetic arithmetic) {
    requireSame(() -> TileSource.print(Ragged.tile(arithmetic)));
  }

  @Test
  void ofTilesOfWarpgroups() {
    requireSame(() -> WarpgroupTile.printPack(Arithmetic.TF32));
    requireSame(() -> WarpgroupTile.print(Ragged.tile(Arithmetic.TF32)));
  }
}
