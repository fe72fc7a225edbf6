package dev.tangents.exec.cuda;

import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.CudaPrinter;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.driver.CodeCache;
import dev.tangents.exec.cuda.driver.Nvrtc;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compiles kernels for one generation of devices, or finds what was compiled before. */
final class Compiler {
  /** Contraction to fused operations only helps; nothing else departs from IEEE. */
  private static final List<String> OPTIONS = List.of("--std=c++17", "--fmad=true");

  /** Hopper: its own instructions, of warpgroups, are in code that runs nowhere else. */
  private static final int WITH_WARPGROUPS = 90;

  private final Nvrtc nvrtc;
  private final CodeCache cache;
  private final String architecture;

  /**
   * A compiler.
   *
   * @param capability of the device, 90 for 9.0
   */
  Compiler(Nvrtc nvrtc, CodeCache cache, int capability) {
    this.nvrtc = nvrtc;
    this.cache = cache;
    this.architecture = architecture(nvrtc.capabilities(), capability);
  }

  /**
   * Machine code where the compiler knows the device; else, for a device that is newer than it, a
   * text for the newest generation that it knows, which the driver compiles on.
   */
  static String architecture(List<Integer> known, int capability) {
    if (known.contains(capability)) {
      return capability == WITH_WARPGROUPS ? "sm_90a" : "sm_" + capability;
    }
    int nearest = known.stream().filter(k -> k < capability).reduce(known.get(0), Integer::max);
    return "compute_" + nearest;
  }

  /** What it compiles for. */
  String architecture() {
    return architecture;
  }

  /** Whether tiles may use the instructions of warpgroups. */
  boolean hasWarpgroups() {
    return architecture.equals("sm_90a");
  }

  /** Version of the compiler. */
  String version() {
    return nvrtc.version();
  }

  /** One source with all kernels, equal ones once. */
  static String source(Precision precision, List<Kernel> kernels) {
    Set<String> sources = new LinkedHashSet<>();
    kernels.forEach(kernel -> sources.add(CudaPrinter.source(kernel)));
    return CudaPrinter.prelude(precision) + String.join("\n", sources);
  }

  /** The code of a source. */
  byte[] compile(String source) {
    String key = CudaPrinter.hash(nvrtc.version() + architecture + OPTIONS + source);
    return cache.get(key, () -> nvrtc.compile(source, architecture, OPTIONS));
  }
}
