package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tangents.job.TangentsPlugin;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.gram.GramRun;
import dev.tangents.job.stage.session.OpenSession;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a result are the same to the last bit, however the run was divided. */
class GramSameBitsIT {
  @TempDir private Path folder;

  @Test
  void neitherSlotsNorPartitionsNorTheCacheMatter() throws Exception {
    Map<String, String> first = kernel("one", "--master", "local[1]");
    assertEquals(6 + 3, first.size(), "6 tiles and 3 panels");
    assertEquals(first, kernel("two", "--master", "local[2]"));
    assertEquals(first, kernel("uncached", "--cache-mib", "0"));
    for (int partitions : List.of(2, 11)) {
      String input = repartitioned(partitions);
      assertEquals(first, kernel("parts" + partitions, "--input", input));
    }
    assertNotEquals(first, kernel("scaled", "--scale", "0.5"));
  }

  /** What executors keep of a run must not get into the next one over the same folder. */
  @Test
  void aSessionIsLentToOneRunAfterTheOtherAndGoesOn() throws Exception {
    List<String> parts = List.of("id < 250", "id >= 250 and id < 500");
    Path there = folder.resolve("there");
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("lent")
            .set("spark.ui.enabled", "false")
            .set("spark.plugins", TangentsPlugin.class.getName());
    List<Map<String, String>> lent = new ArrayList<>();
    try (OpenSession session = OpenSession.start(conf)) {
      for (String part : parts) {
        Map<String, Value> settings = new LinkedHashMap<>();
        Map.of(
                "model", Gram.MODEL,
                "model-output", "logits",
                "input", Gram.DIGITS,
                "id", "id",
                "label", "label",
                "tile", "100",
                "where", part,
                "if-exists", "overwrite",
                "output", there.toString())
            .forEach((key, text) -> settings.put(key, new Value(text, "test")));
        Configuration configuration = Configuration.resolve(List.of(new Layer(settings)));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false);
        Console console = new Console(nowhere, nowhere, false);
        new GramRun(configuration, console, ignored -> session.lend()).run();
        lent.add(hashes(there));
      }
      assertEquals(3, session.spark().range(3).count());
    }
    assertNotEquals(lent.get(0), lent.get(1));
    for (int i = 0; i < parts.size(); i++) {
      assertEquals(kernel("apart" + i, "--where", parts.get(i)), lent.get(i));
    }
  }

  /** The digits in another order, in so many files. */
  private String repartitioned(int partitions) {
    String path = folder.resolve("digits" + partitions).toString();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()) {
      spark
          .read()
          .parquet(Gram.DIGITS)
          .repartition(partitions)
          .sortWithinPartitions("label", "features")
          .write()
          .parquet(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return path;
  }

  private Map<String, String> kernel(String name, String... flags) throws Exception {
    String[] all =
        Stream.concat(Stream.of("--tile", "100", "--limit", "250"), Stream.of(flags))
            .toArray(String[]::new);
    Path output = folder.resolve(name);
    Gram gram = Gram.digits(output, all);
    assertEquals(0, gram.code(), gram.err());
    return hashes(output);
  }

  private static Map<String, String> hashes(Path output) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    for (String part : List.of("kernel", "samples")) {
      try (Stream<Path> files = Files.list(output.resolve(part))) {
        for (Path file : files.filter(f -> !f.getFileName().toString().endsWith(".crc")).toList()) {
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
          hashes.put(part + "/" + file.getFileName(), HexFormat.of().formatHex(digest));
        }
      }
    }
    return hashes;
  }
}
