package dev.tangents.job.plan;

import java.util.Locale;

/** Amounts as people read them. */
public final class Amounts {
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String[] COUNTS = {"", " k", " M", " G", " T", " P", " E"};

  private Amounts() {}

  /** Bytes in binary units: {@code 12.3 MiB}. */
  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** A number of bytes that may be more than a {@code long}. */
  public static String bytes(double bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < BYTES.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, BYTES[unit]);
  }

  /** Operations in decimal units: {@code 3.2 GFLOP}. */
  public static String flops(double flops) {
    double value = flops;
    int unit = 0;
    while (value >= 1000 && unit < COUNTS.length - 1) {
      value /= 1000;
      unit++;
    }
    String prefix = COUNTS[unit].isEmpty() ? " " : COUNTS[unit];
    return String.format(Locale.ROOT, "%.1f%sFLOP", value, prefix);
  }

  /** A number with separators: {@code 1,797}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** At least two digits of a number, with separators: {@code 0.25}, {@code 3.5}, {@code 1,797}. */
  public static String number(double number) {
    int behind = number == 0 || number >= 10 ? 0 : (int) Math.ceil(1 - Math.log10(number));
    return String.format(Locale.ROOT, "%,." + behind + "f", number);
  }

  /** Things: {@code 1 tile}, {@code 1,797 tiles}. */
  public static String counted(long count, String thing) {
    return count(count) + " " + thing + (count == 1 ? "" : "s");
  }

  /** Seconds: {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  public static String seconds(double seconds) {
    if (seconds < 0.1) {
      return String.format(Locale.ROOT, "%.2f ms", seconds * 1e3);
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
