package dev.tangents.udfs.function;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Settings of a session that hold for queries, under the names of the command line's flags. */
public enum SessionKey {
  /** What computes. */
  ENGINE,
  /** Width of the numbers. */
  DTYPE,
  /** Most rows of a batch. */
  MICRO_BATCH,
  /** What the arithmetic and the results in flight of a task may take, in MiB. */
  MEMORY,
  /** After how many minutes native work counts as hung. */
  HANG_MINUTES,
  /** What loaded models may take together, in MiB. */
  MODEL_CACHE_MIB;

  /** What every property of ours begins with. */
  public static final String PREFIX = "spark.tangents.";

  /** How its flag is written. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How it is written in a session. */
  public String property() {
    return PREFIX + key();
  }

  /** The one whose flag is written so. */
  static Optional<SessionKey> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }
}
