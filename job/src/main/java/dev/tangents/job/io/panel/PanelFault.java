package dev.tangents.job.io.panel;

import dev.tangents.error.TangentsException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Says what is wrong with a panel that cannot be read, and what helps. */
public final class PanelFault {
  /** What helps. */
  public static final String CURE =
      "Put it back from a copy, or have the whole kernel computed again by gram with --if-exists overwrite";

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
   * @throws TangentsException of category DATA if there is no such file, or it cannot be read
   */
  public static <T> T explained(Path file, Reading<T> reading) {
    try {
      return reading.run();
    } catch (TangentsException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // Parquet throws what it likes on a damaged file
      throw TangentsException.data("%s: %s. %s", file, of(e), CURE).causedBy(e);
    }
  }

  /** What a failure to read a panel says of its file. */
  public static String of(Exception failure) {
    return failure instanceof FileNotFoundException
        ? "is missing"
        : "cannot be read as a panel of samples: "
            + (failure.getMessage() == null ? failure : failure.getMessage());
  }
}
