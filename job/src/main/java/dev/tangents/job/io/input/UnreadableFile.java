package dev.tangents.job.io.input;

import dev.tangents.error.TangentsException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.TaskKilledException;
import org.apache.spark.rdd.InputFileBlockHolder;

/**
 * A file of the input that Spark cannot read: damaged, cut off, or of another schema than the
 * others. Readers throw what they like then, and often without the file's name.
 */
final class UnreadableFile {
  private static final String CONDITION = "FAILED_READ_FILE";
  private static final String CURE =
      "Write the file again or leave it out; where its file system has failed, run this again";

  private UnreadableFile() {}

  /** What a failure says of a file, if Spark has said that it is one of reading it. */
  static Optional<TangentsException> in(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SparkThrowable known
          && String.valueOf(known.getCondition()).startsWith(CONDITION)) {
        Map<String, String> facts = known.getMessageParameters();
        return Optional.of(fault(facts.getOrDefault("path", ""), reason(facts, t), failure));
      }
    }
    return Optional.empty();
  }

  /**
   * A fault.
   *
   * @param path of the file, encoded or not, as Spark gives it; empty if it is not known
   */
  private static TangentsException fault(String path, String reason, Throwable cause) {
    String file = path.isEmpty() ? "a file" : decoded(path);
    return TangentsException.data("input: %s cannot be read: %s. %s", file, reason, CURE)
        .causedBy(cause);
  }

  private static String decoded(String path) {
    try {
      return new Path(URI.create(path)).toString();
    } catch (IllegalArgumentException e) {
      return path; // it has a blank, so it is not encoded
    }
  }

  private static String reason(Map<String, String> facts, Throwable failure) {
    return facts.containsKey("column")
        ? "its column %s is %s, expected %s as in the other files"
            .formatted(facts.get("column"), facts.get("actualType"), facts.get("expectedType"))
        : root(failure);
  }

  /** What the innermost cause says in its first line. */
  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof IndexOutOfBoundsException
        || root instanceof NegativeArraySizeException
        || root instanceof NullPointerException) {
      return "it does not decode ("
          + root
          + ")"; // what a reader meets among bytes that are not its own
    }
    String told = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    String shown = told.contains(" ") ? told : root.toString();
    return shown.endsWith(".") ? shown.substring(0, shown.length() - 1) : shown;
  }

  /** Rows as they are; where one cannot be read, the failure names the file. */
  static <T> Iterator<T> named(Iterator<T> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return read(rows::hasNext);
      }

      @Override
      public T next() {
        return read(rows::next);
      }
    };
  }

  private static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      if (isStopped(e) || TangentsException.in(e).isPresent()) {
        throw e;
      }
      String file = InputFileBlockHolder.getInputFilePath().toString();
      throw in(e).orElseGet(() -> fault(file, root(e), e));
    }
  }

  /** Whether a task was stopped while it read. */
  private static boolean isStopped(Exception e) {
    return e instanceof TaskKilledException
        || e instanceof InterruptedException
        || e instanceof InterruptedIOException
        || e instanceof ClosedByInterruptException;
  }
}
