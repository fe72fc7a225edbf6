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
  /** Overrules the choice of OpenBLAS. */
  private static final String CORETYPE = "OPENBLAS_CORETYPE";

  private static final String UNKNOWN = "unknown";

  /** BLAS kernels with 512-bit arithmetic. */
  private static final List<String> WIDEST = List.of("SAPPHIRERAPIDS", "COOPERLAKE", "SKYLAKEX");

  /** BLAS kernels with 256-bit arithmetic. */
  private static final List<String> WIDE = List.of("ZEN", "HASWELL");

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
          "ARMV8SVE",
          "CORTEXA53",
          "CORTEXA57",
          "NEOVERSEN1",
          "NEOVERSEN2",
          "NEOVERSEV1",
          "THUNDERX",
          "THUNDERX2T99",
          "TSV110");

  private BlasKernels() {}

  /**
   * The family in use, as OpenBLAS calls it, or {@link #UNKNOWN}. OpenBLAS keeps a pointer to its
   * table; the JavaCPP preset exports neither that nor the function that names it, so addresses of
   * symbols are compared.
   */
  static String inUse() {
    Pointer table = Loader.addressof("gotoblas");
    if (table == null || table.isNull()) {
      return UNKNOWN;
    }
    long address = new LongPointer(table).get();
    for (List<String> families : List.of(WIDEST, WIDE, OTHERS)) {
      for (String family : families) {
        Pointer known = Loader.addressof("gotoblas_" + family);
        if (known != null && known.address() == address) {
          return family;
        }
      }
    }
    return UNKNOWN;
  }

  /** What to do if the processor could do much better, or nothing. */
  static Optional<String> advice() {
    try {
      Path processors = Path.of("/proc/cpuinfo");
      return Files.isReadable(processors)
          ? advice(
              inUse(),
              Files.readString(processors, StandardCharsets.UTF_8),
              System.getenv().getOrDefault(CORETYPE, ""))
          : Optional.empty();
    } catch (IOException e) {
      // Advice is a courtesy: a system that hides its processors gets none.
      return Optional.empty();
    }
  }

  /**
   * The advice for a family of kernels on a processor that Linux describes so.
   *
   * @param coreType what the environment asks for; empty if nothing
   */
  static Optional<String> advice(String family, String processors, String coreType) {
    if (family.equals(UNKNOWN) || WIDEST.contains(family) || !has(processors, "avx2")) {
      return Optional.empty();
    }
    boolean widest = has(processors, "avx512dq");
    if (WIDE.contains(family)) {
      return widest && !coreType.isEmpty()
          ? Optional.of(narrow(family, coreType))
          : Optional.empty();
    }
    return Optional.of(
        "OpenBLAS does not know this processor and uses its %s kernels, a fraction of what it can do. Set the environment variable %s=%s for driver and executors"
            .formatted(family, CORETYPE, widest ? "SkylakeX" : "Haswell"));
  }

  private static String narrow(String family, String coreType) {
    return "%s=%s makes OpenBLAS use its %s kernels, about 0.6 of the speed that this processor has with its 512-bit arithmetic. Unset it, unless results must equal those of older processors bit for bit"
        .formatted(CORETYPE, coreType, family);
  }

  private static boolean has(String processors, String flag) {
    return Pattern.compile("(?m)^flags\\b.*\\b" + flag + "\\b").matcher(processors).find();
  }
}
