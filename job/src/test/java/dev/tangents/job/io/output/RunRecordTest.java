package dev.tangents.job.io.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of itself, and what another must have in common with it. */
class RunRecordTest {
  private static final Path OUT = new Path("/out");
  private static final RunRecord BEGUN =
      new RunRecord(Map.of("dtype", "FLOAT", "params", "", "tile-used", "64"), List.of("AVX512"));

  @TempDir private java.nio.file.Path folder;

  private static String refused(RunRecord now, boolean mixed) {
    return assertThrows(TangentsException.class, () -> BEGUN.requireSame(now, OUT, mixed))
        .getMessage();
  }

  @Test
  void aRecordIsReadBackAsItWasWritten() throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    Path path = new Path(new Path(folder.toUri()), RunRecord.NAME);
    assertEquals(Optional.empty(), RunRecord.read(fs, path));
    new RunRecord(Map.of(), List.of()).write(fs, path);
    BEGUN.write(fs, path);
    assertEquals(Optional.of(BEGUN), RunRecord.read(fs, path));
    RunRecord helped = BEGUN.helpedBy("tangents append " + RunRecord.FOLDER);
    helped.write(fs, path);
    assertEquals(Optional.of(helped), RunRecord.read(fs, path));
  }

  /** Not every file system replaces a file in one step. */
  @Test
  void whoIsKilledAsItReplacesTheRecordLeavesOne() throws IOException {
    Path path = new Path(new Path(folder.toUri()), RunRecord.NAME);
    FileSystem fs = FileSystem.getLocal(new Configuration());
    BEGUN.write(fs, path);
    java.nio.file.Path file = folder.resolve("_run.json");
    java.nio.file.Path fresh = folder.resolve("_run.json.new");
    Files.move(file, fresh);
    assertEquals(Optional.of(BEGUN), RunRecord.read(fs, path));
    String text = Files.readString(fresh);
    Files.writeString(fresh, text.substring(0, text.length() / 2)); // before the first was whole
    assertEquals(Optional.empty(), RunRecord.read(fs, path));
    RunRecord now = new RunRecord(Map.of(), List.of());
    now.write(fs, path);
    assertEquals(Optional.of(now), RunRecord.read(fs, path));
    assertFalse(Files.exists(fresh));
    Files.writeString(fresh, text); // was never put in its place
    assertEquals(Optional.of(now), RunRecord.read(fs, path));
  }

  /** The version before this one reads a record whose own command continues it. */
  @Test
  void anEmptyCommandIsNotWritten() throws IOException {
    Path path = new Path(folder.toString(), "_run.json");
    FileSystem fs = FileSystem.getLocal(new Configuration());
    BEGUN.write(fs, path);
    assertFalse(Files.readString(folder.resolve("_run.json")).contains("command"));
  }

  /** As records were before they named a command. */
  @Test
  void aRecordWithoutACommandIsRead() throws IOException {
    Files.writeString(
        folder.resolve("_run.json"),
        "{\"identity\": {\"dtype\": \"FLOAT\"}, \"engines\": [\"AVX2\"]}");
    FileSystem fs = FileSystem.getLocal(new Configuration());
    assertEquals(
        Optional.of(new RunRecord(Map.of("dtype", "FLOAT"), List.of("AVX2"))),
        RunRecord.read(fs, new Path(new Path(folder.toUri()), RunRecord.NAME)));
  }

  @Test
  void aFileThatIsNoRecordIsNamed() throws IOException {
    Files.writeString(folder.resolve("_run.json"), "{\"identity\": [");
    FileSystem fs = FileSystem.getLocal(new Configuration());
    String message =
        assertThrows(
                TangentsException.class,
                () -> RunRecord.read(fs, new Path(new Path(folder.toUri()), RunRecord.NAME)))
            .getMessage();
    assertTrue(message.contains("_run.json: not the record of a run"), message);
    assertTrue(message.contains("Give gram with --if-exists overwrite"), message);
  }

  @Test
  void everyDifferenceIsShown() {
    RunRecord now =
        new RunRecord(Map.of("dtype", "DOUBLE", "params", "2_*", "tile-used", "64"), List.of());
    String message = refused(now, false);
    assertTrue(message.contains("dtype is DOUBLE, was FLOAT; params is 2_*, was not set"), message);
  }

  @Test
  void theCommandThatHelpsIsNamed() {
    RunRecord now = new RunRecord(Map.of("dtype", "DOUBLE"), List.of());
    assertTrue(refused(now, false).contains("Give what it was begun with"), refused(now, false));
    RunRecord appended = BEGUN.helpedBy("tangents append {folder} --input more.parquet");
    assertEquals(
        "output: /out holds another run, which this one cannot resume: dtype is DOUBLE, was FLOAT. Run"
            + " 'tangents append /out --input more.parquet', which computes what it lacks, or give another"
            + " --output; --if-exists overwrite begins this run in its place",
        assertThrows(TangentsException.class, () -> appended.requireSame(now, OUT, false))
            .getMessage());
  }

  @Test
  void whatIsNotKnownYetIsNotCompared() {
    BEGUN.requireSame(
        new RunRecord(Map.of("dtype", "FLOAT", "input-sha256-0", "ab"), List.of("AVX512")),
        OUT,
        false);
  }

  @Test
  void anotherKindOfProcessorMustBeAccepted() {
    RunRecord now = new RunRecord(BEGUN.identity(), List.of("AVX2", "AVX512"));
    String message = refused(now, false);
    assertTrue(message.contains("was begun on AVX512, executors are now AVX2"), message);
    BEGUN.requireSame(now, OUT, true);
    RunRecord before = new RunRecord(Map.of(), List.of("nd4j 1 (SKYLAKEX, 1 threads, FLOAT)"));
    RunRecord after = new RunRecord(Map.of(), List.of("nd4j 1 (SKYLAKEX, 1 thread, FLOAT)"));
    before.requireSame(after, OUT, false);
  }
}
