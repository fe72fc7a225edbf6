package dev.tangents.importer.mlp;

import java.nio.charset.StandardCharsets;

/**
 * Standard normal numbers that are a function of (seed, name, index) alone: the same on every
 * machine, in any order, for any number of threads.
 *
 * <p>Uniform bits: SplitMix64 (Steele, Lea and Flood 2014) at counter i of the stream whose start
 * is mix(seed + FNV-1a(name)). Normals: Box and Muller 1958; numbers 2k and 2k + 1 share the
 * uniforms 2k and 2k + 1. Logarithm, sine and cosine are {@link StrictMath}'s, whose bits Java
 * fixes.
 */
final class CounterNormals {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  private final long start;

  CounterNormals(long seed, String name) {
    start = mix(seed + fnv1a(name));
  }

  /** Normals 0 to {@code count} - 1, each times {@code deviation}. */
  double[] take(int count, double deviation) {
    double[] values = new double[count];
    for (int i = 0; i < count; i += 2) {
      double radius = Math.sqrt(-2 * StrictMath.log(uniform(i)));
      double angle = 2 * Math.PI * uniform(i + 1L);
      values[i] = deviation * (radius * StrictMath.cos(angle));
      if (i + 1 < count) {
        values[i + 1] = deviation * (radius * StrictMath.sin(angle));
      }
    }
    return values;
  }

  /** A uniform number in (0, 1], so that its logarithm is finite. */
  private double uniform(long index) {
    return ((mix(start + (index + 1) * GOLDEN) >>> 11) + 1) * TWO_TO_MINUS_53;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  private static long fnv1a(String name) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }
}
