package dev.tangents.job.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process has had in RAM: heap, native buffers, code, all of it. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private PeakMemory() {}

  /** Bytes since the process began; empty where the system does not tell (it does on Linux). */
  public static OptionalLong bytes() {
    try {
      return of(Files.readString(STATUS));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Bytes that a status file of Linux tells. */
  static OptionalLong of(String status) {
    Matcher peak = PEAK.matcher(status);
    return peak.find()
        ? OptionalLong.of(Math.multiplyExact(Long.parseLong(peak.group(1)), 1024L))
        : OptionalLong.empty();
  }
}
