package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelOutput;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSummaryTest {
  private static ModelSummary summary(List<Integer> outputs, String globs) {
    ModelSpec spec = new ModelSpec("mlp:4-8-3:relu?seed=1&bias=true", ModelOutput.OUTPUT, outputs);
    return ModelSummary.of(
        spec.load(
            name -> {
              throw new AssertionError("no file is opened for " + name);
            }),
        globs);
  }

  @Test
  void everyParameterIsListedWithItsShapeAndMethod() throws Exception {
    ModelSummary summary = summary(List.of(), "*");
    assertEquals(4 * 8 + 8 + 8 * 3 + 3, summary.numbers());
    assertTrue(
        summary.text().contains("\nparameter  shape   numbers  kernel from  uses\n"),
        summary.text());
    assertTrue(
        summary.text().contains("\n0.weight   [4, 8]  32       factor       1\n"), summary.text());
    JsonNode json = new ObjectMapper().readTree(summary.json());
    assertEquals("[4,8]", json.at("/parameters/0/shape").toString());
    assertEquals(3, json.path("O").asInt());
    assertEquals(67, json.path("P").asInt());
  }

  @Test
  void selectionsAreSaid() {
    String text = summary(List.of(2, 0), "1.*").text();
    assertTrue(text.contains("O  outputs     2 of 3\n"), text);
    assertTrue(text.contains("P  parameters  27 of 67\n"), text);
    TangentsException e = assertThrows(TangentsException.class, () -> summary(List.of(), "2.*"));
    assertTrue(e.getMessage().startsWith("params: '2.*' matches no parameter"), e.getMessage());
  }
}
