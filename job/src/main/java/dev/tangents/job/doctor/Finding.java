package dev.tangents.job.doctor;

/**
 * What a check found.
 *
 * @param level how bad it is
 * @param what what was found, in a sentence without its full stop
 * @param cure what to do; empty where nothing need be done
 */
public record Finding(Level level, String what, String cure) {
  /** A finding of level OK: there is nothing to do. */
  public static Finding ok(String what) {
    return new Finding(Level.OK, what, "");
  }

  /** Runs work, slower or with a risk. */
  public static Finding warn(String what, String cure) {
    return new Finding(Level.WARN, what, cure);
  }

  /** Runs fail, or waste most of what they are given. */
  public static Finding fault(String what, String cure) {
    return new Finding(Level.FAULT, what, cure);
  }

  /** This finding, said of {@code where}. */
  public Finding on(String where) {
    return new Finding(level, where + ": " + what, cure);
  }
}
