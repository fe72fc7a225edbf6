package dev.tangents.exec.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How libraries are found, errors told apart, and code kept: all that needs no device. */
class DriverTest {
  @TempDir private Path folder;

  @Test
  void namedFoldersComeFirstAndStandForTheWheelsInThem() throws IOException {
    Path wheel = Files.createDirectories(folder.resolve("nvidia/cublas/lib"));
    SearchPath path =
        SearchPath.of(
            Map.of(SearchPath.PROPERTY, folder.toString())::get,
            Map.of("CUDA_HOME", "/opt/cuda")::get);
    assertEquals(List.of(folder, wheel), path.named());
    assertEquals(Path.of("/opt/cuda/lib64"), path.usual().get(0));
  }

  @Test
  void aMissingLibrarySaysWhereItWasLookedForAndWhatToInstall() {
    SearchPath nowhere = new SearchPath(List.of(folder), List.of());
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                NativeCode.open(
                    nowhere, "NVIDIA driver", List.of("libtangents-none.so.1"), "Install it."));
    assertEquals(Category.SETUP, e.category());
    assertTrue(
        e.getMessage()
            .startsWith("NVIDIA driver not found: looked for libtangents-none.so.1 in [" + folder),
        e.getMessage());
    assertTrue(e.getMessage().contains("Install it."), e.getMessage());
  }

  @Test
  void memoryStickyAndOtherErrorsAreToldApart() {
    RuntimeException memory = CudaErrors.of(2, "cuMemAlloc", "out of memory");
    assertEquals(Category.RESOURCE, assertInstanceOf(TangentsException.class, memory).category());
    for (int sticky : List.of(700, 719, 214)) {
      RuntimeException lost = CudaErrors.of(sticky, "cuStreamSynchronize", "illegal address");
      assertEquals(sticky, assertInstanceOf(DeviceLostException.class, lost).code());
      assertTrue(DeviceLostException.isIn(new IllegalStateException("task failed", lost)));
    }
    RuntimeException other = CudaErrors.of(101, "cuDeviceGet", "invalid device ordinal");
    assertEquals(Category.SETUP, assertInstanceOf(TangentsException.class, other).category());
    assertFalse(DeviceLostException.isIn(other));
  }

  @Test
  void codeIsCompiledOnceAndAgainWhereItsFileIsDamaged() throws IOException {
    CodeCache cache = new CodeCache(Optional.of(folder.resolve("cache")));
    AtomicInteger compiled = new AtomicInteger();
    byte[] code = {1, 2, 3};
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(code, cache.get("key", () -> counted(compiled, code)));
    }
    assertEquals(1, compiled.get());
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertArrayEquals(code, cache.get("key", () -> counted(compiled, code)));
    assertEquals(2, compiled.get());
  }

  @Test
  void withoutAFolderEveryoneCompiles() {
    CodeCache cache = CodeCache.of(Map.of(CodeCache.PROPERTY, "")::get);
    AtomicInteger compiled = new AtomicInteger();
    cache.get("key", () -> counted(compiled, new byte[1]));
    cache.get("key", () -> counted(compiled, new byte[1]));
    assertEquals(2, compiled.get());
  }

  private static byte[] counted(AtomicInteger count, byte[] code) {
    count.incrementAndGet();
    return code;
  }

  @Test
  void anIdIsPrintedAsNvidiaSmiPrintsIt() {
    byte[] id = new byte[16];
    id[0] = (byte) 0xAB;
    id[15] = 1;
    assertEquals("GPU-ab000000-0000-0000-0000-000000000001", CudaDriver.printedUuid(id));
    assertEquals("12.4", CudaDriver.printed(12_040));
  }
}
