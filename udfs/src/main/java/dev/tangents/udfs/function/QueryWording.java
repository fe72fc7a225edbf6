package dev.tangents.udfs.function;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages of what queries share with the command line advise its flags. In a query these are
 * settings of the session, or options of a call.
 */
final class QueryWording {
  /** A flag, with its value where it is one of those that messages advise. */
  private static final Pattern FLAG =
      Pattern.compile(
          "(?<=^|[\\s(])--([a-z]+(-[a-z]+)*)(?![\\w-]|\\.\\w)( (nd4j-cuda|nd4j|cuda|reference|logits|\\S+=AXIS)\\b)?");

  private QueryWording() {}

  /** A message as the writer of a query understands it. */
  static String of(String message) {
    return FLAG.matcher(message).replaceAll(flag -> Matcher.quoteReplacement(worded(flag)));
  }

  private static String worded(MatchResult flag) {
    String key = flag.group(1);
    String value = flag.group(4) == null ? "" : "=" + flag.group(4);
    return SessionKey.named(key)
        .map(SessionKey::property)
        .or(() -> OptionKey.named(key).map(option -> "the option " + option.key()))
        .map(name -> name + value)
        .orElse(flag.group());
  }
}
