package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tangents.job.TangentsPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
  void aSessionThatIsThereServesOneRunAfterTheOtherAndGoesOn() throws Exception {
    List<String> parts = List.of("id < 250", "id >= 250 and id < 500");
    List<Map<String, String>> apart = new ArrayList<>();
    for (String part : parts) {
      apart.add(kernel("apart" + apart.size(), "--where", part));
    }
    assertNotEquals(apart.get(0), apart.get(1));
    try (SparkSession spark = session(Map.of("spark.plugins", TangentsPlugin.class.getName()))) {
      for (int i = 0; i < parts.size(); i++) {
        Map<String, String> there =
            kernel("there", "--where", parts.get(i), "--if-exists", "overwrite");
        assertEquals(apart.get(i), there);
      }
      assertEquals(3, spark.range(3).count());
    }
  }

  private static SparkSession session(Map<String, String> properties) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1");
    properties.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** The digits in another order, in so many files. */
  private String repartitioned(int partitions) {
    String path = folder.resolve("digits" + partitions).toString();
    try (SparkSession spark = session(Map.of())) {
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
