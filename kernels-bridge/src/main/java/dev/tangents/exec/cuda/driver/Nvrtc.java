package dev.tangents.exec.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.tangents.error.TangentsException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** NVRTC, the compiler of CUDA C. Thread-safe. */
public final class Nvrtc {
  private static final List<String> NAMES =
      List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so");

  /** What the compiler opens when it compiles. */
  private static final String BUILTINS = "libnvrtc-builtins.so";

  private final NativeCode code;

  private Nvrtc(NativeCode code) {
    this.code = code;
  }

  /**
   * Loads the compiler.
   *
   * @throws TangentsException of category SETUP if there is none, saying where it was looked for
   */
  public static Nvrtc open() {
    return open(SearchPath.ofMachine());
  }

  static Nvrtc open(SearchPath path) {
    NativeCode code =
        NativeCode.open(
            path,
            "NVRTC (NVIDIA's compiler of kernels)",
            NAMES,
            "Install the package cuda-nvrtc-12-x or cuda-nvrtc-13-x, or Python's nvidia-cuda-nvrtc, and name its"
                + " folder in "
                + SearchPath.VARIABLE);
    code.loadBeside(BUILTINS); // that of a Python wheel does not look beside itself
    return new Nvrtc(code);
  }

  /** Version, 12.9 for instance. */
  public String version() {
    IntByReference major = new IntByReference();
    IntByReference minor = new IntByReference();
    check(code.call("nvrtcVersion", major, minor), "nvrtcVersion");
    return major.getValue() + "." + minor.getValue();
  }

  /** Compute capabilities that it compiles for, as 90 for 9.0, increasing. */
  public List<Integer> capabilities() {
    IntByReference count = new IntByReference();
    check(code.call("nvrtcGetNumSupportedArchs", count), "nvrtcGetNumSupportedArchs");
    int[] capabilities = new int[count.getValue()];
    check(code.call("nvrtcGetSupportedArchs", capabilities), "nvrtcGetSupportedArchs");
    return Arrays.stream(capabilities).sorted().boxed().toList();
  }

  /**
   * Compiles a source.
   *
   * @param architecture such as {@code sm_90} or {@code sm_90a} for machine code of one device,
   *     {@code compute_90} for an assembly text that the driver compiles for any later one
   * @return machine code, or the text with its final zero
   * @throws TangentsException of category INTERNAL with the compiler's words if the source is wrong
   */
  public byte[] compile(String source, String architecture, List<String> options) {
    PointerByReference program = new PointerByReference();
    check(
        code.call("nvrtcCreateProgram", program, source, "tangents.cu", 0, null, null),
        "nvrtcCreateProgram");
    try {
      String[] given = new String[options.size() + 1];
      given[0] = "--gpu-architecture=" + architecture;
      for (int i = 0; i < options.size(); i++) {
        given[i + 1] = options.get(i);
      }
      int failed =
          code.call(
              "nvrtcCompileProgram", program.getValue(), given.length, new StringArray(given));
      if (failed != 0) {
        throw TangentsException.internal(
            "NVRTC %s: a kernel does not compile for %s: %s%n%s",
            version(), architecture, text(failed), log(program));
      }
      boolean machine = architecture.startsWith("sm_");
      return bytes(program, machine ? "nvrtcGetCUBIN" : "nvrtcGetPTX");
    } finally {
      check(code.call("nvrtcDestroyProgram", program), "nvrtcDestroyProgram");
    }
  }

  private String log(PointerByReference program) {
    byte[] log = bytes(program, "nvrtcGetProgramLog");
    return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private byte[] bytes(PointerByReference program, String function) {
    LongByReference size = new LongByReference();
    check(code.call(function + "Size", program.getValue(), size), function + "Size");
    try (Memory memory = new Memory(Math.max(1, size.getValue()))) {
      check(code.call(function, program.getValue(), memory), function);
      return memory.getByteArray(0, Math.toIntExact(size.getValue()));
    }
  }

  private void check(int failed, String function) {
    if (failed != 0) {
      throw TangentsException.setup(
          "NVRTC: %s failed with error %d (%s), library %s",
          function, failed, text(failed), code.file());
    }
  }

  private String text(int failed) {
    return code.text("nvrtcGetErrorString", failed);
  }
}
