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
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.SparkUpgradeException;
import org.apache.spark.TaskKilledException;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.AnalysisException;

/**
 * What a failure of Spark to read the input says to the user: a file that is damaged, cut off or of
 * another schema than the others, or a condition that cannot be evaluated. Readers throw what they
 * like, and often without the file's name.
 */
final class ReadFailure {
  private static final String READING = "FAILED_READ_FILE";

  /** Of this condition Spark gives the path as it is, of the others encoded as a URI. */
  private static final String OF_FOOTER = READING + ".CANNOT_READ_FILE_FOOTER";

  private static final String CURE =
      "Write the file again or leave it out; where its file system has failed, run this again";

  /** Characters of a cause that a message shows. */
  private static final int SHOWN = 400;

  private ReadFailure() {}

  /**
   * The failure of an action on the driver, if it is one of reading.
   *
   * @param where the condition that rows were filtered by, empty if there is none
   */
  static Optional<TangentsException> of(Exception e, String where) {
    return TangentsException.in(e).or(() -> known(e, where, ""));
  }

  /**
   * What an action on the driver gives.
   *
   * @param where the condition that rows are filtered by, empty if there is none
   */
  static <T> T told(Supplier<T> action, String where) {
    try {
      return action.get();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      Optional<TangentsException> known = of(e, where);
      if (known.isPresent()) {
        throw known.get();
      }
      throw e;
    }
  }

  /**
   * Rows as they are, in a task; where one cannot be read, the failure names the file.
   *
   * @param where the condition that they are filtered by, empty if there is none
   */
  static <T> Iterator<T> told(Iterator<T> rows, String where) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        try {
          return rows.hasNext();
        } catch (Exception e) { // as above
          if (isStopped(e) || TangentsException.in(e).isPresent()) {
            throw e;
          }
          throw ofTask(e, where);
        }
      }

      @Override
      public T next() {
        try {
          return rows.next();
        } catch (Exception e) { // as above
          if (isStopped(e) || TangentsException.in(e).isPresent()) {
            throw e;
          }
          throw ofTask(e, where);
        }
      }
    };
  }

  private static TangentsException ofTask(Exception e, String where) {
    String file = decoded(InputFileBlockHolder.getInputFilePath().toString());
    return known(e, where, file).orElseGet(() -> unreadable(file, reason(e), e));
  }

  /** Whether whoever read was stopped from outside. */
  static boolean isStopped(Throwable e) {
    return e instanceof TaskKilledException
        || e instanceof InterruptedException
        || e instanceof InterruptedIOException
        || e instanceof ClosedByInterruptException;
  }

  /** The failure by the condition that Spark gives it, if it gives one. */
  private static Optional<TangentsException> known(Exception failure, String where, String file) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String condition = t instanceof SparkThrowable told ? told.getCondition() : null;
      if (condition != null && condition.startsWith(READING)) {
        Map<String, String> facts = ((SparkThrowable) t).getMessageParameters();
        String path = facts.getOrDefault("path", "");
        return Optional.of(
            unreadable(
                condition.equals(OF_FOOTER) ? new Path(path).toString() : decoded(path),
                ofColumn(facts).orElseGet(() -> reason(failure)),
                failure));
      }
      if (condition != null && !where.isEmpty() && isOfRow(t)) {
        return Optional.of(
            TangentsException.user(
                    "where: '%s' fails on a row%s: %s. Choose rows for which it can be evaluated",
                    where, file.isEmpty() ? "" : " of " + file, shown(t.getMessage()))
                .causedBy(asText(failure)));
      }
    }
    return Optional.empty();
  }

  /** Whether Spark has failed to evaluate an expression on a row. */
  private static boolean isOfRow(Throwable t) {
    return !(t instanceof SparkException
        || t instanceof AnalysisException
        || t instanceof SparkUpgradeException);
  }

  private static TangentsException unreadable(String file, String reason, Exception cause) {
    return TangentsException.data(
            "input: %s cannot be read: %s. %s", file.isEmpty() ? "a file" : file, reason, CURE)
        .causedBy(asText(cause));
  }

  private static Optional<String> ofColumn(Map<String, String> facts) {
    return Optional.ofNullable(facts.get("column"))
        .map(
            column ->
                "its column %s is %s, expected %s as in the other files"
                    .formatted(column, facts.get("actualType"), facts.get("expectedType")));
  }

  /** A path of a URI, as Spark gives those of files. */
  static String decoded(String uri) {
    try {
      return uri.isEmpty() ? uri : new Path(URI.create(uri)).toString();
    } catch (IllegalArgumentException e) {
      return uri; // it is none
    }
  }

  /** What the innermost cause says. */
  static String reason(Throwable failure) {
    Throwable root = root(failure);
    if (root instanceof IndexOutOfBoundsException
        || root instanceof NegativeArraySizeException
        || root instanceof NullPointerException) {
      return "it does not decode (" + root + ")"; // what a reader meets in bytes of another
    }
    String message = String.valueOf(root.getMessage());
    return shown(message.contains(" ") ? message : root.toString());
  }

  private static String shown(String message) {
    String line = message.strip().replaceAll("\\s+", " ");
    String cut = line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
  }

  /** The innermost cause. */
  static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The same as text: a reader's own exception may be one that cannot be sent to the driver. */
  private static Throwable asText(Throwable failure) {
    Throwable cause = failure.getCause() == null ? null : asText(failure.getCause());
    Exception text = new Exception(failure.toString(), cause);
    text.setStackTrace(failure.getStackTrace());
    return text;
  }
}
