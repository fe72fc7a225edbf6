package dev.tangents.udfs.model;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.NamePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads lists of outputs and patterns of parameters, as users write them. */
public final class Selections {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  /** More outputs in one range than any network has; each is held as an object. */
  private static final int MOST = 1 << 24;

  private Selections() {}

  /**
   * The numbers of a list such as {@code 0,3,7-9}, in its order.
   *
   * @throws TangentsException of category USER if it is no such list, a range is empty or of more
   *     than 2^24 outputs, or an output is named twice
   */
  public static List<Integer> outputs(String list) {
    List<Integer> outputs = new ArrayList<>();
    for (String part : list.split(",", -1)) {
      var range = RANGE.matcher(part.strip());
      if (!range.matches()) {
        throw TangentsException.user(
            "select-outputs: expected numbers and ranges such as 0,3,7-9, got '%s' in '%s'",
            part, list);
      }
      int from = Integer.parseInt(range.group(1));
      int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
      if (to < from || to - from >= MOST) {
        throw TangentsException.user(
            "select-outputs: expected a range upwards of at most %d outputs, got '%s' in '%s'",
            MOST, part.strip(), list);
      }
      for (int output = from; output <= to; output++) {
        outputs.add(output);
      }
    }
    Set<Integer> distinct = new LinkedHashSet<>(outputs);
    if (distinct.size() < outputs.size()) {
      throw TangentsException.user("select-outputs: expected each output once, got '%s'", list);
    }
    return outputs;
  }

  /** Numbers as {@link #outputs} reads them, runs as ranges. */
  public static String text(List<Integer> outputs) {
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < outputs.size(); ) {
      int to = from;
      while (to + 1 < outputs.size() && outputs.get(to + 1) == outputs.get(to) + 1) {
        to++;
      }
      parts.add(outputs.get(from) + (to > from ? "-" + outputs.get(to) : ""));
      from = to + 1;
    }
    return String.join(",", parts);
  }

  /**
   * The names that match one of several patterns, in their own order.
   *
   * @param globs patterns separated by commas; * is any run of characters, ? any one
   * @throws TangentsException of category USER if a pattern matches none
   */
  public static List<String> parameters(String globs, List<String> names) {
    Set<String> matched = new LinkedHashSet<>();
    for (String glob : globs.split(",", -1)) {
      matched.addAll(matching("params", glob, names));
    }
    return names.stream().filter(matched::contains).toList();
  }

  /**
   * The names that match one pattern.
   *
   * @param key the setting that it is of
   * @throws TangentsException of category USER if it matches none
   */
  public static List<String> matching(String key, String glob, List<String> names) {
    List<String> found = NamePattern.of(glob).among(names);
    if (found.isEmpty()) {
      throw TangentsException.user(
          "%s: '%s' matches no parameter of the model, which has %s",
          key, glob, String.join(", ", names));
    }
    return found;
  }

  /** The patterns of a list by commas. */
  public static List<String> patterns(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
  }
}
