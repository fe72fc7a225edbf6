package dev.tangents.job.config;

/** What the settings of a choice may be; constants are written in kebab case. */
public final class Choices {
  private Choices() {}

  /** What to do when the output folder holds something. */
  public enum IfExists {
    /** Stop with a message. */
    FAIL,
    /** Remove the earlier result. */
    OVERWRITE,
    /** Continue a run that did not end: what it has written stays. */
    RESUME
  }

  /** How the pages of tiles are compressed. */
  public enum Compression {
    /** No compression: as fast as the disk. */
    NONE,
    /** Zstandard. */
    ZSTD
  }

  /** What a kernel is exported to. */
  public enum ExportFormat {
    /** One array of NumPy. */
    NPY,
    /** Parquet, a whole row in a record. */
    ROWS
  }

  /** Where tiles take the factors of their panels from. */
  public enum Factors {
    /** Whichever is predicted to take less time, and fits. */
    AUTO,
    /** Factors are computed by the network, for every block of tiles again. */
    RECOMPUTE,
    /** Factors are read from the output's folder, where they are stored once. */
    STORE
  }

  /** How much of a kernel is verified. */
  public enum Checks {
    /** The kernel's files alone. */
    FILES,
    /** The kernel's files, and its numbers against products of Jacobians. */
    ALL
  }

  /** How the input's files are coded. */
  public enum InputFormat {
    /** By the file name. */
    AUTO,
    /** Apache Parquet. */
    PARQUET,
    /** Apache ORC. */
    ORC,
    /** Comma-separated values with a header line. */
    CSV,
    /** One JSON object a line. */
    JSON
  }

  /** What a derivative is taken by. */
  public enum Wrt {
    /** The D features of a sample. */
    INPUTS,
    /** The parameters of the network. */
    PARAMS
  }
}
