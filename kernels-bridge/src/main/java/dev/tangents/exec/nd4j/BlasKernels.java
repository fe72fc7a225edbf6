package dev.tangents.exec.nd4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The family of kernels that OpenBLAS chose for this processor: it decides the speed of a matrix
 * product and its last bits. OpenBLAS chooses once, when it is loaded, by a list of processors; one
 * that is newer than the list gets the oldest kernels (Zen 5 under 0.3.19: BARCELONA, 44 GFLOP/s a
 * core, where SKYLAKEX does 200).
 */
final class BlasKernels {
  /** With 256-bit or wider arithmetic. */
  private static final List<String> WIDE =
      List.of("SAPPHIRERAPIDS", "COOPERLAKE", "SKYLAKEX", "ZEN", "HASWELL");

  private static final List<String> OTHERS =
      List.of(
          "EXCAVATOR",
          "STEAMROLLER",
          "PILEDRIVER",
          "BULLDOZER",
          "SANDYBRIDGE",
          "NEHALEM",
          "BARCELONA",
          "CORE2",
          "PRESCOTT",
          "ARMV8",
          "CORTEXA57",
          "NEOVERSEN1",
          "THUNDERX2T99");

  private BlasKernels() {}

  /**
   * The family in use, as OpenBLAS calls it, or "unknown". OpenBLAS keeps a pointer to its table;
   * the JavaCPP preset exports neither that nor the function that names it, so addresses of symbols
   * are compared.
   */
  static String inUse() {
    Pointer table = Loader.addressof("gotoblas");
    if (table == null || table.isNull()) {
      return "unknown";
    }
    long address = new LongPointer(table).get();
    for (List<String> families : List.of(WIDE, OTHERS)) {
      for (String family : families) {
        Pointer known = Loader.addressof("gotoblas_" + family);
        if (known != null && known.address() == address) {
          return family;
        }
      }
    }
    return "unknown";
  }

  /** What to do if the processor could do much better, or nothing. */
  static Optional<String> advice() {
    try {
      Path processors = Path.of("/proc/cpuinfo");
      return Files.isReadable(processors)
          ? advice(inUse(), Files.readString(processors, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      // Advice is a courtesy: a system that hides its processors gets none.
      return Optional.empty();
    }
  }

  /** The advice for a family of kernels on a processor that Linux describes so. */
  static Optional<String> advice(String family, String processors) {
    String better = null;
    if (has(processors, "avx2") && !WIDE.contains(family) && !family.equals("unknown")) {
      better = has(processors, "avx512dq") ? "SkylakeX" : "Haswell";
    }
    return Optional.ofNullable(better)
        .map(
            core ->
                "OpenBLAS does not know this processor and uses its %s kernels, a fraction of what it can do. Set the environment variable OPENBLAS_CORETYPE=%s for driver and executors"
                    .formatted(family, core));
  }

  private static boolean has(String processors, String flag) {
    return Pattern.compile("(?m)^flags\\b.*\\b" + flag + "\\b").matcher(processors).find();
  }
}
