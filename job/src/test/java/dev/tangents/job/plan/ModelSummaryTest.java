package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Tie;
import dev.tangents.udfs.model.ModelSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSummaryTest {
  private static ModelSummary summary(List<Integer> outputs, String globs) {
    ModelSpec spec =
        new ModelSpec("mlp:4-8-3:relu?seed=1&bias=true", ImportOptions.defaults(), outputs);
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
        summary.text().contains("\nparameter  shape   numbers  kernel from     uses\n"),
        summary.text());
    assertTrue(
        summary.text().contains("\n0.weight   [4, 8]  32       inputs-first    1\n"),
        summary.text());
    assertTrue(summary.text().contains("\noutputs        f [3]\n"), summary.text());
    JsonNode json = new ObjectMapper().readTree(summary.json());
    assertEquals("[{\"name\":\"f\",\"shape\":[3]}]", json.path("outputs").toString());
    assertEquals("[4,8]", json.at("/parameters/0/shape").toString());
    assertEquals(3, json.path("O").asInt());
    assertEquals(67, json.path("P").asInt());
  }

  /** The folded export of a GPT holds its tied embedding twice. */
  @Test
  void equalParametersAreSaidUntilTheyAreTied() throws Exception {
    String file = "../kernels-bridge/src/test/resources/onnx/gpt-folded.onnx";
    String tie = "wte.weight=onnx::MatMul_329";
    ImportOptions options = ImportOptions.defaults();
    ModelSummary twice =
        ModelSummary.of(new ModelSpec(file, options, List.of()).load(LocalFile::at), "*");
    assertTrue(
        twice.text().contains("\nequal          " + tie + "  (one tied weight? then --tie " + tie),
        twice.text());
    JsonNode json = new ObjectMapper().readTree(twice.json());
    assertEquals("[\"" + tie + "\"]", json.path("equal").toString());
    options = options.withTies(Tie.parse(tie));
    ModelSummary tied =
        ModelSummary.of(new ModelSpec(file, options, List.of()).load(LocalFile::at), "*");
    assertFalse(tied.text().contains("equal"), tied.text());
    assertEquals(twice.numbers() - 88, tied.numbers());
  }

  /** Its kernel is mostly that of the softmax, and a cross-entropy takes logits. */
  @Test
  void softmaxAtTheEndIsSaidAndHowToTakeWhatGoesIntoIt() throws Exception {
    String file = "../data-samples/digits-mlp.zip";
    ImportOptions options = ImportOptions.defaults();
    ModelSummary whole =
        ModelSummary.of(new ModelSpec(file, options, List.of(3)).load(LocalFile::at), "*");
    assertTrue(
        whole
            .text()
            .contains(
                "\noutputs        '2' in the file, [10], after a softmax; what goes into it by"
                    + " --model-output logits\n"),
        whole.text());
    assertEquals("softmax", new ObjectMapper().readTree(whole.json()).path("ends-in").asText());
    ImportOptions logits = options.withOutput(ModelOutput.LOGITS);
    ModelSummary before =
        ModelSummary.of(new ModelSpec(file, logits, List.of()).load(LocalFile::at), "*");
    assertFalse(before.text().contains("softmax"), before.text());
    assertEquals("", new ObjectMapper().readTree(before.json()).path("ends-in").asText());
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
