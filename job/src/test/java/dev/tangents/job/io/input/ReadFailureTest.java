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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class ReadFailureTest {
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

  /** Spark's reader of ORC would cut the fractions off, or those of the other file to floats. */
  @Test
  void numbersOfOrcAreNotTurnedIntoThoseOfAnotherFile() {
    String whole = folder.resolve("x=1").toString();
    String real = folder.resolve("x=2").toString();
    spark.sql("select array(int(id), 1) as a from range(0, 9, 1, 1)").write().orc(whole);
    spark.sql("select array(id + 0.5D, 1D) as a from range(0, 9, 1, 1)").write().orc(real);
    String message = refused();
    assertTrue(message.startsWith("input: " + folder + " cannot be read as orc: "), message);
    assertTrue(message.contains("every file is whole and has the same columns"), message);
  }

  /** A byte of the footer, and Hadoop's checksum beside the file, as Spark has written both. */
  @Test
  void whatHadoopFindsDamagedIsNamed() throws IOException {
    Path parts = folder.resolve("a=1");
    spark.sql("select array(1D, 2D) as a").coalesce(1).write().parquet(parts.toString());
    Path file;
    try (Stream<Path> all = Files.list(parts)) {
      file =
          all.filter(each -> each.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 20] ^= 1;
    Files.write(file, bytes);
    String message = refused();
    assertTrue(message.contains("Checksum error: file:" + file), message);
    assertTrue(message.contains(" cannot be read as parquet: "), message);
  }

  @Test
  void aPathIsShownAsItIs() throws IOException {
    Path file = written("a%20b", "select array(1D, 2D) as a");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 3));
    assertTrue(refused().contains("/a%20b.parquet cannot be read"), this::refused);
  }

  @Test
  void aConditionThatFailsIsNoDamage() throws IOException {
    Path file = written("a", "select id, array(1D, 2D) as a from range(0, 9, 1, 1)");
    String where = "1 / (id - 3) > 0";
    TangentsException e = failure(() -> numbers(where));
    assertEquals(Category.USER, e.category());
    String start =
        "where: '1 / (id - 3) > 0' fails on a row of file:" + file + ": [DIVIDE_BY_ZERO]";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
    String counted = failure(() -> table(where).count()).getMessage();
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

  @Test
  void aTableWithoutAHeaderIsTold() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "0.5,-1e3\n7,8\n");
    assertEquals(
        "Column 'a': not in the input, which has 0.5, -1e3. All names are numbers: a CSV file must"
            + " name its columns in its first line",
        refused());
  }

  /** Its first line would be lost, or its columns taken for one another. */
  @Test
  void everyCsvFileHasTheSameHeader() throws IOException {
    Path one = folder.resolve("a.csv");
    Path other = folder.resolve("b.csv");
    Files.writeString(one, "id,0,1\nx,7,8\n");
    for (String first : List.of("id,1,0", "y,9,10", "id,0", "\"id\",0,1")) {
      Files.writeString(other, first + "\nz,9,10\n");
      assertEquals(
          "input: file:%s begins with '%s', and file:%s with 'id,0,1'. Every CSV file must name the same columns in its first line, in the same order"
              .formatted(other, first, one),
          failure(() -> numbers("0,1", null)).getMessage());
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(other))) {
      out.write("id,1,0\nz,9,10\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.move(other, folder.resolve("b.csv.gz"));
    assertTrue(failure(() -> numbers("0,1", null)).getMessage().contains("begins with 'id,1,0'"));
  }

  /** Pandas leaves the name of its index out, others end each line with a comma. */
  @Test
  void namesMayBeMissingInHeaders() throws IOException {
    Files.writeString(folder.resolve("a.csv"), ",u,v,\n0,1,2,\n");
    Files.writeString(folder.resolve("b.csv"), ",u,v,\n1,3,4,\n");
    Files.writeString(folder.resolve("c.csv"), "");
    assertEquals(List.of(List.of(1.0, 2.0), List.of(3.0, 4.0)), numbers("u,v", null));
  }

  @Test
  void theCellThatIsNoNumberIsNamed() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "x,y\n1,2\n");
    Path other = folder.resolve("b.csv");
    Files.writeString(other, "x,y\n3,\n4,abc\n");
    assertEquals(
        "Column 'y': expected numbers, an array of numbers, a vector or binary, got string, such as"
            + " 'abc' in file:"
            + other
            + ". Choose other columns with --features",
        failure(() -> numbers("x,y", null)).getMessage());
  }

  /** Whether the condition holds for it, nobody can say. */
  @Test
  void aLineThatIsNoJsonIsABadRowWhateverTheCondition() throws IOException {
    Files.writeString(
        folder.resolve("t.json"), "{\"id\":1,\"a\":[1,2]}\ngarbage\n{\"id\":2,\"a\":[3,4]}\n");
    for (String where : new String[] {null, "id < 9", "id = 1"}) {
      List<Sample> samples = samples("a", where);
      assertEquals(
          List.of("the line 'garbage' is no JSON object with the table's columns"),
          samples.stream().map(Sample::problem).filter(Objects::nonNull).toList(),
          where);
      assertEquals("id = 1".equals(where) ? 2 : 3, samples.size());
    }
  }

  /** Of the folder's name the condition can be told for every line. */
  @Test
  void aConditionOnFoldersChoosesThemAlone() throws IOException {
    Path good = Files.createDirectory(folder.resolve("day=1"));
    Path bad = Files.createDirectory(folder.resolve("day=2"));
    Files.writeString(good.resolve("t.json"), "{\"a\":[1,2]}\n");
    Files.writeString(bad.resolve("t.json"), "garbage\n{\"a\":[1,2]}\n");
    assertEquals(1, samples("a", "day = 1").size());
    assertEquals(1, table("day = 1").count());
    assertEquals(2, samples("a", "day = 2").size());
  }

  @Test
  void whatIsNoJsonAtAllIsTold() throws IOException {
    Files.writeString(folder.resolve("t.json"), "[\n1,\n2\n]\n");
    assertEquals(
        "input: " + folder + " has no columns: no line is a JSON object. Write one object a line",
        refused());
  }

  @Test
  void noFileIsLeftOut() throws IOException {
    written("a", "select array(1D, 2D) as a");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path other = written("b", "select array(3D, 4D) as a");
    Files.move(other, sub.resolve("b.parquet"));
    String message = refused();
    assertTrue(
        message.startsWith("input: 1 file would be left out of 2, such as " + sub + "/b.parquet: "),
        message);
    Path part = Files.createDirectory(folder.resolve("a=1"));
    Files.move(sub.resolve("b.parquet"), part.resolve("b.parquet"));
    String beside = refused();
    assertTrue(beside.contains("left out of 2, such as " + folder + "/a.parquet: "), beside);
    Files.delete(part.resolve("b.parquet"));
    assertEquals(1, numbers().size());
    Files.createFile(folder.resolve("c.parquet"));
    assertEquals(
        "input: file:"
            + folder
            + "/c.parquet has no bytes, which is no Parquet file. Write the file again or remove it",
        refused());
  }

  @Test
  void filesThatLieDeeperAreNamed() throws IOException {
    Path file = written("a", "select array(1D, 2D) as a");
    Path deeper = Files.createDirectories(folder.resolve("2026/11"));
    Files.move(file, deeper.resolve("a.parquet"));
    String message = refused();
    assertTrue(
        message.startsWith("input: 1 file would be left out of 1, such as " + deeper), message);
    assertEquals(1, samples(folder + "/*/*", "a", null).size());
  }

  /** A name that could be a pattern. */
  @Test
  void whatIsThereIsMeantBeforeWhatItIsAPatternOf() throws IOException {
    Path file = written("x", "select array(1D, 2D) as a");
    Path odd = Files.createDirectory(folder.resolve("br[1]{d}"));
    Files.move(file, odd.resolve("x.parquet"));
    assertEquals(1, samples(odd.toString(), "a", null).size());
    assertEquals(1, samples(folder + "/br*", "a", null).size());
    Files.createFile(odd.resolve("_SUCCESS"));
    Files.writeString(odd.resolve("y.parquet._COPYING_"), "half of a file");
    assertEquals(1, samples(folder + "/br*/*", "a", null).size());
    String message = failure(() -> samples(folder + "/b[1]", "a", null)).getMessage();
    assertEquals(
        "input: " + folder + "/b[1] does not exist, nor anything that it matches. Check the path",
        message);
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
    return failure(this::numbers).getMessage();
  }

  private static TangentsException failure(Executable reading) {
    Exception e = assertThrows(Exception.class, reading);
    return TangentsException.in(e).orElseThrow(() -> new AssertionError(e));
  }

  private List<List<Double>> numbers() {
    return numbers(null);
  }

  private List<List<Double>> numbers(String where) {
    return numbers("a", where);
  }

  private List<List<Double>> numbers(String features, String where) {
    return samples(features, where).stream()
        .map(sample -> Arrays.stream(sample.features()).boxed().toList())
        .toList();
  }

  private List<Sample> samples(String features, String where) {
    return samples(folder.toString(), features, where);
  }

  private List<Sample> samples(String path, String features, String where) {
    InputTable table = table(path, features, where);
    table.places().count();
    return table.samples().sortByKey().values().collect();
  }

  private InputTable table(String where) {
    return table(folder.toString(), "a", where);
  }

  private InputTable table(String path, String features, String where) {
    InputTable.Spec spec =
        new InputTable.Spec(
            InputFormat.AUTO,
            features,
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(where),
            BinaryType.FLOAT,
            1,
            0,
            Map.of());
    return InputTable.open(spark, path, spec, List.of(new ModelInput("x", true, List.of(2L))));
  }
}
