package dev.tangents.importer;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name in a model that somebody probably meant. */
final class Nearest {
  private Nearest() {}

  /** The candidate with the least edit distance (Levenshtein 1966), the first of equals. */
  static Optional<String> to(String name, Collection<String> candidates) {
    return candidates.stream().min(Comparator.comparingInt(other -> distance(name, other)));
  }

  /** Fewest insertions, deletions and substitutions, by rows of the usual table. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
