package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.job.testkit.SparkExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class ReadFailureTest {
  private static final String CURE =
      ". Write the file again or leave it out; where its file system has failed, run this again";

  @TempDir private Path folder;
  private Inputs inputs;

  @BeforeEach
  void in(SparkSession spark) {
    inputs = new Inputs(spark, folder);
  }

  /** What a copy that was broken off has left. */
  @Test
  void aFileThatIsCutOffIsNamed() throws IOException {
    Path file =
        inputs.written("cut off", "select array(double(id)) as a from range(0, 2000, 1, 1)");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    String message = inputs.refused();
    assertTrue(message.startsWith("input: file:" + file + " cannot be read: "), message);
    assertTrue(message.contains(" is not a Parquet file. Expected magic number at tail"), message);
    assertTrue(message.endsWith(CURE), message);
  }

  /** Beside others that are whole, whose schema is enough to open the table. */
  @Test
  void aFileOfZerosAmongOthersIsNamed() throws IOException {
    Path file = inputs.written("t", "select array(double(id)) as a from range(0, 20, 1, 1)");
    Path other = folder.resolve("zzz.parquet");
    Files.write(other, new byte[(int) Files.size(file)]);
    String message = inputs.refused();
    assertTrue(message.startsWith("input: file:" + other + " cannot be read: "), message);
    // Nor may a cluster's setting leave out its rows.
    inputs.spark().conf().set("spark.sql.files.ignoreCorruptFiles", "true");
    try {
      assertTrue(inputs.refused().startsWith("input: file:" + other + " cannot be read: "));
    } finally {
      inputs.spark().conf().unset("spark.sql.files.ignoreCorruptFiles");
    }
  }

  /** One byte after the other: the numbers are those that were written, or there are none. */
  @Test
  void noByteOfAPageChangesANumber() throws IOException {
    Path file =
        inputs.written(
            "flip a bit", "select array(double(id % 3), sin(id)) as a from range(0, 400, 1, 1)");
    byte[] whole = Files.readAllBytes(file);
    int length =
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8); // of footer
    List<List<Double>> expected = inputs.numbers();
    assertEquals(400, expected.size());
    int refused = 0;
    int end = whole.length - 8 - length;
    for (int at = 4; at < end; at += end / 60) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      try {
        assertEquals(expected, inputs.numbers(), "byte " + at);
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
    inputs.written("a", "select array(float(id)) as a from range(0, 20, 1, 1)");
    Path other = inputs.written("b", "select array(string(id)) as a from range(0, 20, 1, 1)");
    String message = inputs.refused();
    assertTrue(
        message.startsWith("input: file:" + other + " cannot be read: its column "), message);
    assertTrue(message.contains(" is BINARY, expected float as in the other files"), message);
  }

  /** A byte of the footer, and Hadoop's checksum beside the file, as Spark has written both. */
  @Test
  void whatHadoopFindsDamagedIsNamed() throws IOException {
    Path parts = folder.resolve("a=1");
    inputs.spark().sql("select array(1D, 2D) as a").coalesce(1).write().parquet(parts.toString());
    Path file = Inputs.part(parts);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 20] ^= 1;
    Files.write(file, bytes);
    String message = inputs.refused();
    assertTrue(message.contains("Checksum error: file:" + file), message);
    assertTrue(message.contains(" cannot be read as parquet: "), message);
  }

  @Test
  void aPathIsShownAsItIs() throws IOException {
    Path file = inputs.written("a%20b", "select array(1D, 2D) as a");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 3));
    assertTrue(inputs.refused().contains("/a%20b.parquet cannot be read"), inputs::refused);
  }

  @Test
  void aConditionThatFailsIsNoDamage() throws IOException {
    Path file = inputs.written("a", "select id, array(1D, 2D) as a from range(0, 9, 1, 1)");
    String where = "1 / (id - 3) > 0";
    TangentsException e = Inputs.failure(() -> inputs.numbers("a", where));
    assertEquals(Category.USER, e.category());
    String start =
        "where: '1 / (id - 3) > 0' fails on a row of file:" + file + ": [DIVIDE_BY_ZERO]";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
    String counted = Inputs.failure(() -> inputs.table(where).count()).getMessage();
    assertTrue(counted.startsWith("where: '1 / (id - 3) > 0' fails on a row: "), counted);
  }

  /** A client of an object store may throw what Java cannot send to the driver. */
  @Test
  void whatReadersThrowIsSentAsText() throws IOException {
    Iterator<Integer> broken =
        Stream.of(1)
            .map(
                row -> {
                  if (row == 1) {
                    throw new Unsendable();
                  }
                  return row;
                })
            .iterator();
    TangentsException e =
        assertThrows(TangentsException.class, () -> ReadFailure.told(broken, "").next());
    assertEquals("input: a file cannot be read: the bucket is gone" + CURE, e.getMessage());
    assertTrue(e.getCause().getMessage().contains("Unsendable"), e.getCause().getMessage());
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      out.writeObject(e); // would throw
    }
  }

  private static final class Unsendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Object connection = new Object();

    @Override
    public String getMessage() {
      return "the bucket is gone" + (connection == null ? "?" : "");
    }
  }
}
