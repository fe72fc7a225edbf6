package dev.tangents.job.io.panel;

import dev.tangents.error.TangentsException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;

/** Says what is wrong with a panel that cannot be read, and what helps. */
public final class PanelFault {
  private static final String AGAIN =
      " back from a copy, or have the whole kernel computed again by gram with --if-exists overwrite";

  /** What helps one file. */
  public static final String CURE = "Put it" + AGAIN;

  /** What helps several files. */
  public static final String CURE_OF_ALL = "Put each" + AGAIN;

  private PanelFault() {}

  /** Something done with a panel's file, which fails in many ways if the file is damaged. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Reads. */
    T run() throws IOException;
  }

  /**
   * What a reading of {@code file} gives.
   *
   * @throws TangentsException of category DATA if there is no such file, or it is damaged
   * @throws IOException if its file system fails, which may succeed another time
   */
  public static <T> T explained(Path file, Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (TangentsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (!isDamage(e)) {
        throw e;
      }
      throw TangentsException.data("%s: %s. %s", file, of(e), CURE).causedBy(e);
    }
  }

  /**
   * Whether a failure to read a panel is one of its file: Parquet throws what it likes on a damaged
   * one. Other failures to read are those of a file system or a network.
   */
  public static boolean isDamage(Exception failure) {
    return !(failure instanceof IOException)
        || failure instanceof FileNotFoundException
        || failure instanceof EOFException
        || failure instanceof ChecksumException;
  }

  /** What a failure to read a panel says of its file. */
  public static String of(Exception failure) {
    return failure instanceof FileNotFoundException
        ? "is missing"
        : "cannot be read as a panel of samples: "
            + (failure.getMessage() == null ? failure : failure.getMessage());
  }
}
