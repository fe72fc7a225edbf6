package dev.tangents.job.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.Network$;
import org.apache.spark.internal.config.UI$;
import org.apache.spark.internal.config.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of conf/spark, and the properties in conf/kubernetes. */
class CommentedKeysTest {
  private static final Path CONF = Path.of("..", "conf");

  /** What Spark knows without an entry of its own in its registry, and why. */
  private static final Map<String, String> WITHOUT_ENTRY =
      Map.of(
          "spark\\.master",
          "a constant of SparkLauncher",
          "spark\\.executorEnv\\.[A-Z_]+",
          "any variable",
          "spark\\.(executor|task)\\.resource\\.gpu\\.(amount|discoveryScript|vendor)",
          "made by ResourceUtils for each resource",
          "spark\\.kubernetes\\.(namespace|container\\.image|driver\\.pod\\.name"
              + "|executor\\.deleteOnTermination|authenticate\\.driver\\.serviceAccountName)",
          "in Config of the module spark-kubernetes, which is not on our class path");

  static Stream<String> files() {
    return CommentedKeys.FILES.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void keysAreKnownAndHaveAReason(String file) throws IOException {
    List<CommentedKeys.Entry> entries = CommentedKeys.parse(text(file));
    assertEquals(
        asSparkReads(file),
        entries.stream()
            .map(CommentedKeys.Entry::key)
            .collect(Collectors.toCollection(TreeSet::new)));
    for (CommentedKeys.Entry entry : entries) {
      assertFalse(entry.why().isEmpty(), entry.key() + " has no comment above it");
      assertFalse(entry.value().isEmpty(), entry.key() + " has no value");
    }
    assertEquals(
        List.of(),
        entries.stream().map(CommentedKeys.Entry::key).filter(key -> !isKnown(key)).toList());
  }

  @Test
  void thereIsNoOtherFile() throws IOException {
    try (Stream<Path> files = Files.list(CONF.resolve("spark"))) {
      assertEquals(
          CommentedKeys.FILES.stream().map(name -> name + ".conf").collect(Collectors.toSet()),
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void keysOfTheOperatorsFileAreKnown() throws IOException {
    String yaml = Files.readString(CONF.resolve("kubernetes/sparkapplication.yaml"));
    Matcher keys = Pattern.compile("(?m)^    (spark\\.\\S+): \\S").matcher(yaml);
    List<String> found = new ArrayList<>();
    while (keys.find()) {
      found.add(keys.group(1));
      assertTrue(isKnown(keys.group(1)), () -> "Spark does not know " + keys.group(1));
    }
    assertTrue(found.contains("spark.task.reaper.enabled"), found::toString);
  }

  @Test
  void commentsBelongToTheKeysBelowThem() {
    assertEquals(
        List.of(
            new CommentedKeys.Entry("spark.b", "1 2", "Why b and c."),
            new CommentedKeys.Entry("spark.c", "3", "Why b and c."),
            new CommentedKeys.Entry("spark.d", "4", "Why d."),
            new CommentedKeys.Entry("spark.e", "5", "")),
        CommentedKeys.parse(
            """
            # A file.

            # Why b
            # and c.
            spark.b  1 2
            spark.c  3
            # Why d.
            spark.d  4

            spark.e  5
            """));
  }

  @Test
  void misspeltKeysAreNotKnown() {
    assertFalse(isKnown("spark.task.reaper.enable"));
    assertFalse(isKnown("spark.tangents.tiles"));
    assertTrue(isKnown("spark.tangents.tile"));
  }

  private static boolean isKnown(String key) {
    // The registry holds what has been loaded.
    assertEquals(3, Stream.of(package$.MODULE$, UI$.MODULE$, Network$.MODULE$).distinct().count());
    if (key.startsWith(SparkLayer.PREFIX)) {
      String own = key.substring(SparkLayer.PREFIX.length());
      return Settings.all().stream().anyMatch(setting -> setting.key().equals(own));
    }
    return ConfigEntry.findEntry(key) != null
        || WITHOUT_ENTRY.keySet().stream().anyMatch(key::matches);
  }

  /** Keys by the parser that spark-submit uses for a file of properties. */
  private static Set<String> asSparkReads(String file) throws IOException {
    Properties properties = new Properties();
    try (java.io.Reader reader = Files.newBufferedReader(CONF.resolve("spark/" + file + ".conf"))) {
      properties.load(reader);
    }
    return new TreeSet<>(properties.stringPropertyNames());
  }

  private static String text(String file) throws IOException {
    return Files.readString(CONF.resolve("spark/" + file + ".conf"));
  }
}
