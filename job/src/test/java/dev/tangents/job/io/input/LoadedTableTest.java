package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.testkit.SparkExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of an input is left out, or taken for something else, without a word. */
@ExtendWith(SparkExtension.class)
class LoadedTableTest {
  @TempDir private Path folder;
  private Inputs inputs;

  @BeforeEach
  void in(SparkSession spark) {
    inputs = new Inputs(spark, folder);
  }

  /** Spark's reader of ORC would cut the fractions off, or those of the other file to floats. */
  @Test
  void numbersOfOrcAreNotTurnedIntoThoseOfAnotherFile() {
    String whole = folder.resolve("x=1").toString();
    String real = folder.resolve("x=2").toString();
    inputs.spark().sql("select array(int(id), 1) as a from range(0, 9, 1, 1)").write().orc(whole);
    inputs.spark().sql("select array(id + 0.5D, 1D) as a from range(0, 9, 1, 1)").write().orc(real);
    String message = inputs.refused();
    assertTrue(message.startsWith("input: " + folder + " cannot be read as orc: "), message);
    assertTrue(message.contains("every file is whole and has the same columns"), message);
  }

  @Test
  void aTableWithoutAHeaderIsTold() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "0.5,-1e3\n7,8\n");
    assertEquals(
        "Column 'a': not in the input, which has 0.5, -1e3. All names are numbers: a CSV file must"
            + " name its columns in its first line",
        inputs.refused());
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
          Inputs.failure(() -> inputs.numbers("0,1", null)).getMessage());
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(other))) {
      out.write("id,1,0\nz,9,10\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.move(other, folder.resolve("b.csv.gz"));
    assertTrue(
        Inputs.failure(() -> inputs.numbers("0,1", null))
            .getMessage()
            .contains("begins with 'id,1,0'"));
  }

  /** Pandas leaves the name of its index out, others end each line with a comma. */
  @Test
  void namesMayBeMissingInHeaders() throws IOException {
    Files.writeString(folder.resolve("a.csv"), ",u,v,\n0,1,2,\n");
    Files.writeString(folder.resolve("b.csv"), ",u,v,\n1,3,4,\n");
    Files.writeString(folder.resolve("c.csv"), "");
    assertEquals(List.of(List.of(1.0, 2.0), List.of(3.0, 4.0)), inputs.numbers("u,v", null));
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
        Inputs.failure(() -> inputs.numbers("x,y", null)).getMessage());
  }

  /** Whether the condition holds for it, nobody can say. */
  @Test
  void aLineThatIsNoJsonIsABadRowWhateverTheCondition() throws IOException {
    Files.writeString(
        folder.resolve("t.json"), "{\"id\":1,\"a\":[1,2]}\ngarbage\n{\"id\":2,\"a\":[3,4]}\n");
    for (String where : new String[] {null, "id < 9", "id = 1"}) {
      List<Sample> samples = inputs.samples("a", where);
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
    assertEquals(1, inputs.samples("a", "day = 1").size());
    assertEquals(1, inputs.table("day = 1").count());
    assertEquals(2, inputs.samples("a", "day = 2").size());
  }

  @Test
  void whatIsNoJsonAtAllIsTold() throws IOException {
    Files.writeString(folder.resolve("t.json"), "[\n1,\n2\n]\n");
    assertEquals(
        "input: " + folder + " has no columns: no line is a JSON object. Write one object a line",
        inputs.refused());
  }

  @Test
  void noFileIsLeftOut() throws IOException {
    inputs.written("a", "select array(1D, 2D) as a");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path other = inputs.written("b", "select array(3D, 4D) as a");
    Files.move(other, sub.resolve("b.parquet"));
    String message = inputs.refused();
    assertTrue(
        message.startsWith("input: 1 file would be left out of 2, such as " + sub + "/b.parquet: "),
        message);
    Path part = Files.createDirectory(folder.resolve("a=1"));
    Files.move(sub.resolve("b.parquet"), part.resolve("b.parquet"));
    String beside = inputs.refused();
    assertTrue(beside.contains("left out of 2, such as " + folder + "/a.parquet: "), beside);
    Files.delete(part.resolve("b.parquet"));
    assertEquals(1, inputs.numbers().size());
    Files.createFile(folder.resolve("c.parquet"));
    assertEquals(
        "input: file:"
            + folder
            + "/c.parquet has no bytes, which is no Parquet file. Write the file again or remove it",
        inputs.refused());
  }

  @Test
  void filesThatLieDeeperAreNamed() throws IOException {
    Path file = inputs.written("a", "select array(1D, 2D) as a");
    Path deeper = Files.createDirectories(folder.resolve("2026/11"));
    Files.move(file, deeper.resolve("a.parquet"));
    String message = inputs.refused();
    assertTrue(
        message.startsWith("input: 1 file would be left out of 1, such as " + deeper), message);
    assertEquals(1, inputs.samples(folder + "/*/*", "a", null).size());
  }

  /** A name that could be a pattern. */
  @Test
  void whatIsThereIsMeantBeforeWhatItIsAPatternOf() throws IOException {
    Path file = inputs.written("x", "select array(1D, 2D) as a");
    Path odd = Files.createDirectory(folder.resolve("br[1]{d}"));
    Files.move(file, odd.resolve("x.parquet"));
    assertEquals(1, inputs.samples(odd.toString(), "a", null).size());
    assertEquals(1, inputs.samples(folder + "/br*", "a", null).size());
    Files.createFile(odd.resolve("_SUCCESS"));
    Files.writeString(odd.resolve("y.parquet._COPYING_"), "half of a file");
    assertEquals(1, inputs.samples(folder + "/br*/*", "a", null).size());
    String message = Inputs.failure(() -> inputs.samples(folder + "/b[1]", "a", null)).getMessage();
    assertEquals(
        "input: " + folder + "/b[1] does not exist, nor anything that it matches. Check the path",
        message);
  }
}
