package dev.tangents.job.io.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.IfExists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir private Path folder;

  @Test
  void completeResultIsNotOverwrittenUnasked() throws IOException {
    check(IfExists.FAIL).complete("{}");
    assertTrue(Files.exists(folder.resolve("_SUCCESS")));
    assertEquals("{}", Files.readString(folder.resolve("_tangents.json")));
    assertEquals(
        "output: "
            + folder
            + " exists and holds a complete result (_SUCCESS, _tangents.json). Give another --output,"
            + " or --if-exists overwrite to replace it",
        refused(IfExists.FAIL));
  }

  /** A run of gram that was killed, and then an append to what it would have become. */
  @Test
  void whatGoesOnWithARunThatWasKilledIsNamed() throws IOException {
    Files.writeString(folder.resolve("_run.json"), "{\"identity\": {}, \"engines\": []}");
    assertEquals(
        "output: "
            + folder
            + " exists and holds files (_run.json). Give another --output, or --if-exists overwrite to"
            + " replace it; gram with --if-exists resume continues it",
        refused(IfExists.FAIL));
    check(IfExists.RESUME);

    Files.writeString(folder.resolve("_append-base.json"), "{}");
    for (IfExists ifExists : List.of(IfExists.FAIL, IfExists.RESUME)) {
      String unknown = "Run 'tangents append " + folder + "' with the flags that it had, which";
      assertTrue(refused(ifExists).contains(unknown), refused(ifExists));
    }
    String command = "tangents append " + folder + " --input more.parquet";
    Files.writeString(
        folder.resolve("_append-run.json"),
        "{\"identity\": {}, \"engines\": [], \"command\": \"tangents append {folder} --input more.parquet\"}");
    for (IfExists ifExists : List.of(IfExists.FAIL, IfExists.RESUME)) {
      assertEquals(
          "output: "
              + folder
              + " holds a kernel and what an append had added that has not ended. Run '"
              + command
              + "', which goes on where it ended; or give another --output, or --if-exists overwrite to"
              + " replace the whole kernel",
          refused(ifExists));
    }
    check(IfExists.OVERWRITE);
  }

  @Test
  void overwriteRemovesOurFiles() throws IOException {
    Files.createDirectories(folder.resolve("kernel"));
    Files.writeString(folder.resolve("kernel").resolve("tile-00000-00000.parquet"), "old");
    check(IfExists.OVERWRITE).clear();
    assertFalse(Files.exists(folder.resolve("kernel")));
  }

  @Test
  void partsOfOursAreReplacedAndThoseOfSparkKept() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String name : List.of("part-00000.parquet", ".part-00000.parquet.crc", "_part-00001-7")) {
      Files.writeString(data.resolve(name), "old");
    }
    check(IfExists.OVERWRITE).clear();
    assertFalse(Files.exists(data));
    Files.createDirectories(data);
    Path other = Files.writeString(data.resolve("part-00000-12ab-c000.snappy.parquet"), "theirs");
    assertTrue(refused(IfExists.OVERWRITE).contains("wrote (data/part-00000-12ab-c000"));
    assertTrue(Files.exists(other));
  }

  @Test
  void overwriteRemovesNobodyElsesFiles() throws IOException {
    Files.writeString(folder.resolve("thesis.tex"), "years of work");
    Files.writeString(folder.resolve("_SUCCESS"), "");
    assertEquals(
        "output: "
            + folder
            + " holds what no run of Tangents wrote (thesis.tex), so nothing in it is replaced. Give"
            + " another --output",
        refused(IfExists.OVERWRITE));
    assertTrue(Files.exists(folder.resolve("_SUCCESS")));
  }

  @Test
  void inputInsideTheOutputIsRefused() {
    String input = folder.resolve("samples").toString();
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                OutputFolder.check(
                    new Configuration(), folder.toString(), IfExists.OVERWRITE, List.of(input)));
    assertEquals(
        "output: " + folder + " holds the input " + input + ". Give another --output",
        e.getMessage());
  }

  @Test
  void folderUnderAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.md"), "text");
    for (String below : List.of("x", "x/y")) {
      String output = file.resolve(below).toString();
      TangentsException e =
          assertThrows(
              TangentsException.class,
              () -> OutputFolder.check(new Configuration(), output, IfExists.FAIL, List.of()));
      assertEquals(
          "output: " + output + " lies in " + file + ", which is a file. Give another --output",
          e.getMessage());
    }
  }

  /** Nobody makes a folder there, not even root. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void folderThatCannotBeMadeIsToldFromOneThatHasNoParent() {
    OutputFolder output =
        OutputFolder.check(new Configuration(), "/proc/x1", IfExists.FAIL, List.of());
    TangentsException e = assertThrows(TangentsException.class, output::clear);
    assertEquals(
        "output: file:/proc/x1 cannot be created: file:/proc is there and takes no new folder. Give"
            + " another --output, or the right to write there",
        e.getMessage());
  }

  private OutputFolder check(IfExists ifExists) {
    return OutputFolder.check(new Configuration(), folder.toString(), ifExists, List.of());
  }

  private String refused(IfExists ifExists) {
    return assertThrows(TangentsException.class, () -> check(ifExists)).getMessage();
  }
}
