package dev.tangents.job.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that somebody probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The candidate with the least Levenshtein distance to {@code name}, whatever the case of
   * letters, the first of equals; empty if none is so near that it was probably meant.
   */
  public static Optional<String> to(String name, Collection<String> candidates) {
    LevenshteinDistance distance = new LevenshteinDistance(most(name.length()));
    ToIntFunction<String> from =
        candidate ->
            distance.apply(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
    return candidates.stream()
        .filter(candidate -> from.applyAsInt(candidate) >= 0)
        .min(Comparator.comparingInt(from));
  }

  /**
   * The most letters that may be wrong: two, or a third of them; of a short name no more than a
   * half.
   */
  private static int most(int length) {
    return Math.min((length + 1) / 2, Math.max(2, length / 3));
  }
}
