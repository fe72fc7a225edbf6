package dev.tangents.job.io.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that a shell takes for one, and folders of any file system. */
class ShellWordTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "data/a-1.parquet|data/a-1.parquet",
        "id >= 4|\"id >= 4\"",
        "a = \"x\"|\"a = \\\"x\\\"\"",
        "cost $5|\"cost \\$5\""
      })
  void aQuotedWordIsOneWordOfAShell(String word, String expected) {
    assertEquals(expected, ShellWord.of(word));
  }

  @Test
  void aFolderElsewhereKeepsItsFileSystem() {
    assertEquals("/out/k", ShellWord.of(new Path("file:/out/k")));
    assertEquals("/out/k", ShellWord.of(new Path("/out/k")));
    assertEquals("s3a://bucket/k", ShellWord.of(new Path("s3a://bucket/k")));
    assertEquals("hdfs://host:8020/k", ShellWord.of(new Path("hdfs://host:8020/k")));
  }
}
