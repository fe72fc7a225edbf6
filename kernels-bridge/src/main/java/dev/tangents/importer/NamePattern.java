package dev.tangents.importer;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A pattern of parameter names as users write it: * is any run of characters, ? any one. */
public final class NamePattern {
  private final Pattern pattern;

  private NamePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Reads a pattern; spaces around it do not count. */
  public static NamePattern of(String text) {
    return new NamePattern(
        Pattern.compile(
            Arrays.stream(text.strip().split("((?<=[*?])|(?=[*?]))"))
                .map(part -> part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part))
                .collect(Collectors.joining())));
  }

  /** The names that match, in their own order. */
  public List<String> among(List<String> names) {
    return names.stream().filter(name -> pattern.matcher(name).matches()).toList();
  }
}
