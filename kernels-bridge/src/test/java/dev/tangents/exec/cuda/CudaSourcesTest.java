package dev.tangents.exec.cuda;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.driver.Nvrtc;
import dev.tangents.ir.Weights;
import dev.tangents.testkit.PrimitiveCase;
import dev.tangents.testkit.PrimitiveTable;
import dev.tangents.testkit.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every source compiles for every generation, where NVRTC is found (TANGENTS_CUDA_PATH); no GPU is
 * needed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaSourcesTest {
  private static final List<String> OPTIONS = List.of("--std=c++17", "--fmad=true");
  private static final List<Integer> GENERATIONS = List.of(70, 75, 80, 89, 90, 100, 120);

  private Nvrtc nvrtc;

  @BeforeAll
  void openCompiler() {
    try {
      nvrtc = Nvrtc.open();
    } catch (TangentsException e) {
      assumeTrue(false, e.getMessage());
    }
  }

  private List<Integer> generations() {
    return GENERATIONS.stream().filter(nvrtc.capabilities()::contains).toList();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void kernelsOfAllPrimitivesCompile(Precision precision) {
    HostGpu gpu = new HostGpu(precision);
    try (CudaEngine engine = new CudaEngine(gpu)) {
      for (PrimitiveCase line : PrimitiveTable.all()) {
        Runs.on(engine, line.graph(), Weights.none(), line.sample(new Random(1)));
      }
    }
    List<Kernel> kernels = new ArrayList<>(gpu.kernels());
    String source = Compiler.source(precision, kernels);
    for (int generation : List.of(generations().get(0), 90)) {
      assertTrue(nvrtc.compile(source, "sm_" + generation, OPTIONS).length > 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void tilesCompile(Arithmetic arithmetic) {
    TileSum tile = Ragged.tile(arithmetic);
    String source = TileSource.print(tile);
    for (int generation : generations()) {
      if (arithmetic != Arithmetic.STRICT && generation < 80) {
        continue; // its device is refused
      }
      assertTrue(nvrtc.compile(source, "sm_" + generation, OPTIONS).length > 0);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Arithmetic.class, mode = EnumSource.Mode.EXCLUDE, names = "STRICT")
  void tilesOfWarpgroupsCompile(Arithmetic arithmetic) {
    assumeTrue(nvrtc.capabilities().contains(90));
    String pack = WarpgroupTile.printPack(arithmetic);
    String tile = WarpgroupTile.print(Ragged.tile(arithmetic));
    assertTrue(nvrtc.compile(pack, "sm_90a", OPTIONS).length > 0);
    assertTrue(nvrtc.compile(tile, "sm_90a", OPTIONS).length > 0);
  }

  @Test
  void aWrongSourceIsNamedWithTheCompilersWords() {
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> nvrtc.compile("int f( {", "compute_80", OPTIONS));
    assertTrue(e.getMessage().contains("error"), e.getMessage());
  }
}
