package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Two parameters with the same numbers, as exporters write them that store a tied weight twice.
 *
 * @param kept the one that stays
 * @param copy the one that is the first, or its transpose
 */
public record Tie(String kept, String copy) implements Serializable {
  /**
   * Reads {@code A=B,C=D}.
   *
   * @throws TangentsException of category USER if a part is not two names around one equals sign
   */
  public static List<Tie> parse(String list) {
    List<Tie> ties = new ArrayList<>();
    for (String part : list.split(",", -1)) {
      String[] names = part.strip().split("=", -1);
      if (names.length != 2 || names[0].isBlank() || names[1].isBlank()) {
        throw TangentsException.user(
            "tie: expected A=B, the names of two parameters, got '%s'. 'tangents inspect' lists them",
            part.strip());
      }
      ties.add(new Tie(names[0].strip(), names[1].strip()));
    }
    return List.copyOf(ties);
  }

  @Override
  public String toString() {
    return kept + "=" + copy;
  }
}
