package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.job.cli.AppendCommand;
import dev.tangents.job.cli.VerifyCommand;
import java.nio.file.Path;
import java.util.stream.Stream;
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
  void kernelThatGrowsAndIsVerified() {
    Path kernel = folder.resolve("kernel");
    Gram gram = Gram.digits(kernel, "--where", "id < 100", "--tile", "60", "--factors", "store");
    assertEquals(0, gram.code(), gram.err());
    String[] local = {kernel.toString(), "--master", "local[2]"};
    String[] more = {"--input", Gram.DIGITS, "--where", "id >= 100 and id < 130"};
    Ran appended =
        Ran.of(
            new AppendCommand(), Stream.of(local, more).flatMap(Stream::of).toArray(String[]::new));
    assertEquals(0, appended.code(), appended.err());
    Ran verified = Ran.of(new VerifyCommand(), local);
    assertEquals(0, verified.code(), verified.err());
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
