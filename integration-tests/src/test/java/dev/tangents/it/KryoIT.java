package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs where Spark is configured to Kryo, which makes no Java records. */
class KryoIT {
  private static final String SERIALIZER = "spark.serializer";

  @TempDir private Path folder;

  @BeforeEach
  void chooseKryo() {
    System.setProperty(SERIALIZER, "org.apache.spark.serializer.KryoSerializer");
  }

  @AfterEach
  void forgetIt() {
    System.clearProperty(SERIALIZER);
  }

  @Test
  void kernel() {
    Gram gram = Gram.digits(folder.resolve("kernel"), "--limit", "100", "--tile", "60");
    assertEquals(0, gram.code(), gram.err());
  }

  @Test
  void recordsAndSums() {
    Path output = folder.resolve("rows");
    String[] flags = {
      "--model",
      Gram.MODEL,
      "--model-output",
      "logits",
      "--input",
      Gram.DIGITS,
      "--id",
      "id",
      "--label",
      "label",
      "--loss",
      "softmax-cross-entropy",
      "--limit",
      "50",
      "--tile",
      "30",
      "--quantities",
      "gradient-norms,gradient"
    };
    RowRuns rows = RowRuns.run("derive", output, flags);
    assertEquals(0, rows.code(), rows.err());
  }
}
