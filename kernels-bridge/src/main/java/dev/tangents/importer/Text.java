package dev.tangents.importer;

/** Text from a model file, made fit for a message. */
public final class Text {
  private static final int LONGEST = 100;

  private Text() {}

  /** A text for a message: at most 100 characters, control characters as '?'. */
  public static String shown(String untrusted) {
    String cut =
        untrusted.length() <= LONGEST ? untrusted : untrusted.substring(0, LONGEST) + "...";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
