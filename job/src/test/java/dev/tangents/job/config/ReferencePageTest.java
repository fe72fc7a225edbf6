package dev.tangents.job.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  @Test
  void pageInTheTreeIsTheOneThatIsMade() throws IOException {
    Path page = Path.of("..", "conf", "reference.md");
    assertEquals(
        ReferencePage.markdown(),
        Files.readString(page),
        "Stale; make it again with: job/bin/tangents --settings > conf/reference.md");
  }
}
