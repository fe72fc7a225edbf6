package dev.tangents.job.doctor;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory outside of the heap JavaCPP allows a JVM, by the rules of its {@code Pointer},
 * which cannot be asked where native libraries do not load.
 */
final class NativeBound {
  static final String MAX_BYTES = "org.bytedeco.javacpp.maxbytes";
  static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxphysicalbytes";

  /** What the whole process may have in RAM where nothing is set, as a multiple of the heap. */
  private static final int STANDARD_PHYSICAL = 4;

  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*([kmgt]?)b?|(\\d+)\\s*%");

  private NativeBound() {}

  /** Bytes of native arrays; as many as the heap has where nothing is set. */
  static long bytes(Node node) {
    return parse(node, MAX_BYTES).orElse(node.java().heap());
  }

  /** Bytes in RAM of heap and all; 0 for no bound. */
  static long physicalBytes(Node node) {
    return parse(node, MAX_PHYSICAL_BYTES).orElse(STANDARD_PHYSICAL * node.java().heap());
  }

  private static Optional<Long> parse(Node node, String key) {
    return Optional.ofNullable(node.properties().get(key))
        .flatMap(text -> parse(text, node.java().heap()));
  }

  /** Bytes of a size such as {@code 700m}, or of a share of {@code whole} such as {@code 50%}. */
  static Optional<Long> parse(String text, long whole) {
    Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      return Optional.empty();
    }
    if (size.group(3) != null) {
      return Optional.of(whole / 100 * Long.parseLong(size.group(3)));
    }
    int unit = " kmgt".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
    return Optional.of(Long.parseLong(size.group(1)) << (10 * unit));
  }
}
