package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.testkit.SparkExtension;
import dev.tangents.udfs.sample.BinaryType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class UnreadableFileTest {
  private static final String CURE =
      ". Write the file again or leave it out; where its file system has failed, run this again";

  @TempDir private Path folder;
  private SparkSession spark;

  @BeforeEach
  void keepSession(SparkSession session) {
    this.spark = session;
  }

  /** What a copy that was broken off has left. */
  @Test
  void aFileThatIsCutOffIsNamed() throws IOException {
    Path file = written("cut off", "select array(double(id)) as a from range(0, 2000, 1, 1)");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    String message = refused();
    assertTrue(message.startsWith("input: file:" + file + " cannot be read: "), message);
    assertTrue(message.contains(" is not a Parquet file. Expected magic number at tail"), message);
    assertTrue(message.endsWith(CURE), message);
  }

  /** Beside others that are whole, whose schema is enough to open the table. */
  @Test
  void aFileOfZerosAmongOthersIsNamed() throws IOException {
    Path file = written("t", "select array(double(id)) as a from range(0, 20, 1, 1)");
    Path other = folder.resolve("zzz.parquet");
    Files.write(other, new byte[(int) Files.size(file)]);
    String message = refused();
    assertTrue(message.startsWith("input: file:" + other + " cannot be read: "), message);
    // Nor may a cluster's setting leave out its rows.
    spark.conf().set("spark.sql.files.ignoreCorruptFiles", "true");
    try {
      assertTrue(refused().startsWith("input: file:" + other + " cannot be read: "));
    } finally {
      spark.conf().unset("spark.sql.files.ignoreCorruptFiles");
    }
  }

  /** One byte after the other: the numbers are those that were written, or there are none. */
  @Test
  void noByteOfAPageChangesANumber() throws IOException {
    Path file =
        written(
            "flip a bit", "select array(double(id % 3), sin(id)) as a from range(0, 400, 1, 1)");
    byte[] whole = Files.readAllBytes(file);
    int length =
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8); // of footer
    List<List<Double>> expected = numbers();
    assertEquals(400, expected.size());
    int refused = 0;
    int end = whole.length - 8 - length;
    for (int at = 4; at < end; at += end / 60) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      try {
        assertEquals(expected, numbers(), "byte " + at);
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        TangentsException known = TangentsException.in(e).orElseThrow(() -> new AssertionError(e));
        assertEquals(Category.DATA, known.category());
        assertTrue(
            known.getMessage().startsWith("input: file:" + file + " cannot be read: "),
            known.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 50, refused + " were refused");
  }

  @Test
  void filesOfOtherTypesAreNamedWithTheColumn() throws IOException {
    written("a", "select array(float(id)) as a from range(0, 20, 1, 1)");
    Path other = written("b", "select array(string(id)) as a from range(0, 20, 1, 1)");
    String message = refused();
    assertTrue(
        message.startsWith("input: file:" + other + " cannot be read: its column "), message);
    assertTrue(message.contains(" is BINARY, expected float as in the other files"), message);
  }

  @Test
  void aTableWithoutAHeaderIsTold() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "0.5,-1e3\n7,8\n");
    assertEquals(
        "Column 'a': not in the input, which has 0.5, -1e3. The names are numbers: a CSV file must"
            + " name its columns in its first line",
        refused());
  }

  /** A file of its own in the folder, without Hadoop's checksums beside it. */
  private Path written(String name, String sql) throws IOException {
    Path parts = folder.resolve("_" + name);
    spark.sql(sql).write().parquet(parts.toString());
    Path file = folder.resolve(name + ".parquet");
    try (Stream<Path> all = Files.list(parts)) {
      Path part =
          all.filter(each -> each.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      return Files.move(part, file);
    }
  }

  private String refused() {
    Exception e = assertThrows(Exception.class, this::numbers);
    return TangentsException.in(e).orElseThrow(() -> new AssertionError(e)).getMessage();
  }

  private List<List<Double>> numbers() {
    InputTable.Spec spec =
        new InputTable.Spec(
            InputFormat.AUTO,
            "a",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            BinaryType.FLOAT,
            1,
            0,
            Map.of());
    List<ModelInput> inputs = List.of(new ModelInput("x", true, List.of(2L)));
    InputTable table = InputTable.open(spark, folder.toString(), spec, inputs);
    table.places().count();
    return table.samples().sortByKey().values().collect().stream()
        .map(sample -> Arrays.stream(sample.features()).boxed().toList())
        .toList();
  }
}
