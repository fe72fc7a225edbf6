package dev.tangents.error;

/** Who can cure a failure. */
public enum Category {
  /** A flag, a configuration key, an argument. */
  USER,
  /** A model file or a network that cannot be handled. */
  MODEL,
  /** A row, a column or a file of the data set. */
  DATA,
  /** Memory, disk, a device. */
  RESOURCE,
  /** The installation: Java, native libraries, what Spark is configured to. */
  SETUP,
  /** A fault of this program. */
  INTERNAL
}
