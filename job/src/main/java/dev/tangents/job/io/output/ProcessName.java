package dev.tangents.job.io.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The name of a process in a lock's file: its number, when it began, and where numbers mean that
 * process. Processes are numbered alike where the same start of a kernel has them in the same
 * namespace. The name of a host does not say so: containers share one, or have one that does not
 * resolve. On a system that is not Linux nothing is known of a process from its number.
 */
final class ProcessName {
  private static final String PID = "pid";
  private static final String STARTED = "started";
  private static final String BOOT = "boot";
  private static final String NAMESPACE = "pid-namespace";

  private ProcessName() {}

  /** That of this process. */
  static Map<String, Object> ofThis() {
    ProcessHandle process = ProcessHandle.current();
    Map<String, Object> name = new LinkedHashMap<>();
    name.put(PID, process.pid());
    name.put(STARTED, started(process));
    name.putAll(place());
    return name;
  }

  /** Whether the process would be found here and is not: it has ended. */
  static boolean isGone(Map<String, Object> name) {
    return isOfHere(name) && process(name).isEmpty();
  }

  /**
   * Whether the process is found here. Where its number is that of one which began at another time,
   * neither this nor the other holds: it is another process, or the clock was set in between.
   */
  static boolean isAlive(Map<String, Object> name) {
    return isOfHere(name)
        && process(name).filter(process -> number(name, STARTED) == started(process)).isPresent();
  }

  private static Optional<ProcessHandle> process(Map<String, Object> name) {
    return ProcessHandle.of(number(name, PID)).filter(ProcessHandle::isAlive);
  }

  private static boolean isOfHere(Map<String, Object> name) {
    Map<String, Object> here = place();
    return !here.isEmpty()
        && name.entrySet().containsAll(here.entrySet())
        && name.get(PID) instanceof Number
        && name.get(STARTED) instanceof Number;
  }

  private static long number(Map<String, Object> name, String key) {
    return ((Number) name.get(key)).longValue(); // what is read back may be an Integer
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Empty where it is not known. */
  private static Map<String, Object> place() {
    try {
      return Map.of(
          BOOT, Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
          NAMESPACE, Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return Map.of();
    }
  }
}
