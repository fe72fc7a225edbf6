package dev.tangents.udfs.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a model's file is read again. */
class FileVersionTest {
  private static final Duration LONG_AGO = Duration.ofHours(1);

  @TempDir private Path folder;

  private Path path;
  private HadoopModelSource file;

  @BeforeEach
  void name() {
    path = folder.resolve("model.json");
    file = new HadoopModelSource(new org.apache.hadoop.fs.Path(path.toUri()), new Configuration());
  }

  private void write(String content, Duration age) throws IOException {
    Files.writeString(path, content);
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
  }

  private FileVersion read() throws IOException {
    return FileVersion.of(file, Files.readAllBytes(path), Instant.now());
  }

  @Test
  void anOldFileIsNotReadAgain() throws IOException {
    write("old", LONG_AGO);
    FileTime time = Files.getLastModifiedTime(path);
    FileVersion first = read();
    assertTrue(first.settled());
    Files.write(path, "new".getBytes(StandardCharsets.UTF_8));
    Files.setLastModifiedTime(path, time);
    assertSame(first, first.now(file), "by its length and time it is the same");
  }

  @Test
  void anotherTimeOrLengthIsNoticed() throws IOException {
    write("old", LONG_AGO);
    FileVersion first = read();
    write("new", LONG_AGO.minusSeconds(1));
    FileVersion second = first.now(file);
    assertNotEquals(first.hash(), second.hash());
    write("newer", LONG_AGO.minusSeconds(1));
    assertNotEquals(second.hash(), second.now(file).hash());
  }

  /** The same content under another time is the same model. */
  @Test
  void aFileThatWasTouchedIsReadAndTheSame() throws IOException {
    write("old", LONG_AGO);
    FileVersion first = read();
    write("old", LONG_AGO.minusSeconds(1));
    assertEquals(first.hash(), first.now(file).hash());
  }

  /** Clocks are coarse: what was just written may be written again at the same time. */
  @Test
  void aFileThatWasJustWrittenIsReadAgain() throws IOException {
    write("old", Duration.ZERO);
    FileTime time = Files.getLastModifiedTime(path);
    FileVersion first = read();
    Files.writeString(path, "new");
    Files.setLastModifiedTime(path, time);
    assertNotEquals(first.hash(), first.now(file).hash());
  }

  @Test
  void aFileThatIsGoneIsAFailure() throws IOException {
    write("old", LONG_AGO);
    FileVersion first = read();
    Files.delete(path);
    assertTrue(
        assertThrows(TangentsException.class, () -> first.now(file))
            .getMessage()
            .contains("model.json"));
  }
}
