package dev.tangents.job.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private final Diagnosis diagnosis =
      new Diagnosis(
          List.of(
              check("java", Finding.ok("Java 17")),
              check("speculation", Finding.warn("on", "turn it off")),
              check("engine", Finding.fault("missing", "bring it"))),
          new Healthy().facts());

  @Test
  void aLineForEachCheckAndEachCure() {
    assertEquals(
        """
        ok     java           Java 17
        warn   speculation    on
                              cure: turn it off
        fault  engine         missing
                              cure: bring it
        3 checks, 1 fault, 1 warning
        """,
        diagnosis.text().replace(System.lineSeparator(), "\n"));
    assertEquals(1, diagnosis.faults());
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    JsonNode root = new ObjectMapper().readTree(diagnosis.json());
    assertEquals(3, root.path("checks").size());
    assertEquals("fault", root.at("/checks/2/level").asText());
    assertEquals("bring it", root.at("/checks/2/cure").asText());
    assertEquals(1, root.path("faults").asInt());
    assertEquals(1, root.path("warnings").asInt());
  }

  private static Check check(String name, Finding finding) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Finding examine(Facts facts) {
        return finding;
      }
    };
  }
}
