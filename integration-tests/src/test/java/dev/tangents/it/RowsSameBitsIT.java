package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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

/** Records of each sample are the same to the last bit, however input and run were divided. */
class RowsSameBitsIT {
  @TempDir private Path folder;

  @Test
  void neitherSlotsNorPartitionsMatter() throws Exception {
    Map<String, String> first = data("one", "--master", "local[1]");
    assertEquals(3, first.size(), "3 files of at most 100 samples");
    assertEquals(first, data("two", "--master", "local[2]"));
    assertEquals(first, data("five", "--input", divided(folder, 5, "true")));
    // Only one of the five files holds rows below 250: the others' partitions are empty.
    assertEquals(
        first, data("empty", "--input", divided(folder, 5, "id < 250"), "--where", "id < 250"));
    assertNotEquals(first, data("scaled", "--scale", "0.5"));
  }

  /** The digits in another order, those that fit the condition all in one of so many files. */
  static String divided(Path folder, int files, String condition) throws Exception {
    String path = folder.resolve("digits" + condition.hashCode()).toString();
    try (SparkSession spark = spark()) {
      var table = spark.read().parquet(Gram.DIGITS);
      if (condition.equals("true")) {
        table.repartition(files).sortWithinPartitions("label", "features").write().parquet(path);
      } else {
        table.where(condition).coalesce(1).write().parquet(path);
        table
            .where("not (" + condition + ")")
            .repartition(files - 1)
            .write()
            .mode("append")
            .parquet(path);
      }
    }
    return path;
  }

  /** A session for preparing input. */
  static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  private Map<String, String> data(String name, String... flags) throws Exception {
    Path output = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of("--model", Gram.MODEL, "--model-output", "logits"));
    all.addAll(List.of("--id", "id", "--tile", "100", "--limit", "250", "--micro-batch", "32"));
    if (!List.of(flags).contains("--input")) {
      all.addAll(List.of("--input", Gram.DIGITS));
    }
    all.addAll(List.of(flags));
    RowRuns run = RowRuns.run("jacobian", output, all.toArray(new String[0]));
    assertEquals(0, run.code(), run.err());
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(output.resolve("data"))) {
      for (Path file : files.filter(f -> !f.getFileName().toString().endsWith(".crc")).toList()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        hashes.put(file.getFileName().toString(), HexFormat.of().formatHex(digest));
      }
    }
    return hashes;
  }
}
