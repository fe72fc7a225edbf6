package dev.tangents.job.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Setting;
import dev.tangents.kernel.Method;
import dev.tangents.udfs.model.Selections;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads {@code --method}: which parameter's kernel is formed how. */
final class Methods {
  private Methods() {}

  /**
   * Methods by patterns of parameter names, in their order: {@code PATTERN=METHOD,...}, or one
   * method for all.
   *
   * @throws TangentsException of category USER if it is no such list
   */
  static Map<String, Method> parse(String list) {
    Map<String, Method> methods = new LinkedHashMap<>();
    for (String entry : list.split(",", -1)) {
      int equals = entry.lastIndexOf('=');
      String pattern = equals < 0 ? "*" : entry.substring(0, equals).strip();
      String name = entry.substring(equals + 1).strip();
      Method method =
          Arrays.stream(Method.values())
              .filter(known -> Setting.kebab(known).equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      TangentsException.user(
                          "method: expected PATTERN=METHOD with one of %s, got '%s' in '%s'",
                          Arrays.stream(Method.values())
                              .map(Setting::kebab)
                              .collect(Collectors.joining(", ")),
                          entry.strip(),
                          list));
      methods.remove(pattern); // a later entry counts, and counts last
      methods.put(pattern, method);
    }
    return methods;
  }

  /**
   * The methods by name; a later pattern goes before an earlier one.
   *
   * @throws TangentsException of category USER if a pattern matches none of {@code names}
   */
  static Map<String, Method> resolve(Map<String, Method> patterns, List<String> names) {
    Map<String, Method> methods = new LinkedHashMap<>();
    patterns.forEach(
        (pattern, method) -> {
          if (names.contains(pattern)) {
            methods.put(pattern, method);
            return;
          }
          for (String name : Selections.matching("method", pattern, names)) {
            methods.put(name, method);
          }
        });
    return methods;
  }
}
