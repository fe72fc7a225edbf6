package dev.tangents.job.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Environment variables that {@code job/bin/tangents} reads, in the words of the comment at its
 * head: the build puts the script beside this class.
 */
final class LauncherVariables {
  private static final Pattern VARIABLE = Pattern.compile("#   ([A-Z_]+) +(\\S.*)");
  private static final Pattern MORE = Pattern.compile("#    +(\\S.*)");

  private LauncherVariables() {}

  /** Names with what they mean, in the order of the script. */
  static Map<String, String> all() {
    return parse(CommentedKeys.resource("launcher/tangents"));
  }

  /** The variables of a script with what they mean, in its order. */
  static Map<String, String> parse(String script) {
    Map<String, String> meanings = new LinkedHashMap<>();
    String last = null;
    for (String line : script.lines().toList()) {
      Matcher variable = VARIABLE.matcher(line);
      Matcher more = MORE.matcher(line);
      if (variable.matches()) {
        last = variable.group(1);
        meanings.put(last, variable.group(2));
      } else if (last != null && more.matches()) {
        meanings.merge(last, more.group(1), (text, end) -> text + " " + end);
      } else {
        last = null;
      }
    }
    return meanings;
  }
}
