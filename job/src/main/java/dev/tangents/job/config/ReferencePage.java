package dev.tangents.job.config;

/** The reference of all settings in Markdown: {@code conf/reference.md}. */
public final class ReferencePage {
  private ReferencePage() {}

  /** The page, lines ended by one newline. */
  public static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Settings

            Made by `job/bin/tangents --settings > conf/reference.md`; a test fails when it is stale.

            A setting is a flag (`--tile 1024`), a Spark property (`spark.tangents.tile=1024`), or a key in the
            HOCON file of `--config` (`tile = 1024`). Flags win over Spark properties, those over the file, and the file
            over defaults. An unknown key is an error. Paths are resolved by Hadoop: a relative one against the
            working directory of whoever runs the command, also when it stands in a file.

            | key | value | default | meaning |
            |---|---|---|---|
            """);
    for (Setting<?> setting : Settings.all()) {
      page.append("| `").append(setting.key()).append("` | ");
      page.append(setting.isFlag() ? "true\\|false" : setting.label().replace("|", "\\|"));
      page.append(" | ").append(setting.standard().map(text -> "`" + text + "`").orElse(""));
      page.append(" | ").append(setting.description()).append(" |\n");
    }
    return page.toString();
  }
}
