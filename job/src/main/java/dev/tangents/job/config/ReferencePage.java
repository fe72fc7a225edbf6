package dev.tangents.job.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The reference of all settings in Markdown: {@code conf/reference.md}. */
public final class ReferencePage {
  private ReferencePage() {}

  /** The page, lines ended by one newline. */
  public static String markdown() {
    return settings() + launcher() + defaults() + recommended();
  }

  private static String settings() {
    StringBuilder page =
        new StringBuilder(
            """
            # Settings

            Made by `job/bin/tangents --settings > conf/reference.md`; a test fails when it is stale.

            A setting is a flag (`--tile 1024`), a Spark property (`spark.tangents.tile=1024`), or a key in the
            HOCON file of `--config` (`tile = 1024`). Flags win over Spark properties, those over the file, and the file
            over defaults. An unknown key is an error. Paths are resolved by Hadoop: a relative one against the
            working directory of whoever runs the command, also when it stands in a file.

            SQL functions take `dtype`, `engine`, `micro-batch`, `memory`, `hang-minutes` and `model-cache-mib` from the
            session, as `SET spark.tangents.dtype=double`; the others are arguments or options of a call.

            | key | value | default | meaning |
            |---|---|---|---|
            """);
    for (Setting<?> setting : Settings.all()) {
      page.append("| `").append(setting.key()).append("` | ");
      page.append(setting.isFlag() ? "true\\|false" : cell(setting.label()));
      page.append(" | ").append(setting.standard().map(text -> "`" + text + "`").orElse(""));
      page.append(" | ").append(cell(setting.description())).append(" |\n");
    }
    return page.toString();
  }

  private static String launcher() {
    StringBuilder page =
        new StringBuilder(
            """

            # Environment variables of `job/bin/tangents`

            | variable | meaning |
            |---|---|
            """);
    LauncherVariables.all().forEach((name, meaning) -> page.append(row("`" + name + "`", meaning)));
    return page.toString();
  }

  private static String defaults() {
    StringBuilder page =
        new StringBuilder(
            """

            # Spark properties that the program sets

            Each gives way to the user's own, but for `spark.plugins`, which is added to.

            | property | value | why |
            |---|---|---|
            """);
    Stream.of(SparkDefaults.ALWAYS, List.of(SparkDefaults.MASTER), SparkDefaults.LOCAL)
        .flatMap(List::stream)
        .forEach(
            property ->
                page.append(
                    row("`" + property.key() + "`", "`" + property.value() + "`", property.why())));
    return page.toString();
  }

  private static String recommended() {
    StringBuilder page =
        new StringBuilder(
            """

            # Spark properties that we recommend

            From the files of `conf/spark`, where they are set.

            | property | files | why |
            |---|---|---|
            """);
    Map<List<String>, String> files = new LinkedHashMap<>();
    for (String file : CommentedKeys.FILES) {
      for (CommentedKeys.Entry entry : CommentedKeys.of(file)) {
        files.merge(
            List.of(entry.key(), entry.why()), file, (before, last) -> before + ", " + last);
      }
    }
    files.forEach(
        (entry, where) -> page.append(row("`" + entry.get(0) + "`", where, entry.get(1))));
    return page.toString();
  }

  private static String row(String... cells) {
    StringBuilder row = new StringBuilder();
    for (String cell : cells) {
      row.append("| ").append(cell(cell)).append(' ');
    }
    return row.append("|\n").toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
