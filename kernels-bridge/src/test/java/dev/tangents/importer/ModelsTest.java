package dev.tangents.importer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
  @TempDir Path folder;

  @Test
  void unknownFormListsTheKnownOnes() {
    TangentsException e =
        assertThrows(TangentsException.class, () -> Models.load("net.pt", LocalFile::at));
    assertEquals(Category.USER, e.category());
    assertTrue(
        e.getMessage().startsWith("model 'net.pt': unknown form. Expected one of\n  mlp:"),
        e.getMessage());
  }

  @Test
  void modelOutputIsAConstantOrAName() {
    assertEquals(ModelOutput.OUTPUT, ModelOutput.of("output"));
    assertEquals(ModelOutput.LOGITS, ModelOutput.of("logits"));
    assertEquals(ModelOutput.named("probabilities"), ModelOutput.of("probabilities"));
    assertNotEquals(ModelOutput.LOGITS, ModelOutput.named("logits"));
    TangentsException e = assertThrows(TangentsException.class, () -> ModelOutput.of(" "));
    assertEquals(
        "model-output: expected output, logits or the name of a value, got ' '", e.getMessage());
  }

  @Test
  void outputIsNamedInNoFormThatHasNoNames() {
    ImportOptions named = ImportOptions.defaults().withOutput(ModelOutput.of("logit"));
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> Models.load("mlp:2-1:relu", LocalFile::at, named));
    assertEquals(Category.USER, e.category());
    assertEquals(
        "model-output: expected output or logits for model 'mlp:2-1:relu', got 'logit'; only an ONNX file"
            + " has values to name",
        e.getMessage());
  }

  @Test
  void fileIsReadUpToItsLimit() throws Exception {
    Path file = folder.resolve("a.bin");
    Files.write(file, new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, LocalFile.at(file.toString()).bytes(3));
    TangentsException e = assertThrows(TangentsException.class, () -> new LocalFile(file).bytes(2));
    assertEquals(
        "Model file " + file + ": more than the 2 bytes that a model file may have",
        e.getMessage());
  }

  @Test
  void missingFileIsNamed() {
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> new LocalFile(folder.resolve("no.zip")).bytes(9));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().contains("no.zip: cannot be read (NoSuchFileException"));
  }

  @Test
  void siblingLiesInTheSameFolder() throws Exception {
    Files.write(folder.resolve("W.npy"), new byte[] {7});
    ModelSource model = new LocalFile(folder.resolve("net.json"));
    assertArrayEquals(new byte[] {7}, model.sibling("W.npy").bytes(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "..", ".", ".hidden", "../a", "a/b", "a\\b", "c:a", "a\0b", "%2e%2e", "*"
      })
  void siblingThatIsAPathIsRefused(String name) {
    ModelSource model = new LocalFile(folder.resolve("net.json"));
    TangentsException e = assertThrows(TangentsException.class, () -> model.sibling(name));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().contains("is not a plain file name"), e.getMessage());
  }

  @Test
  void modelChecksThatWeightsFitTheGraph() {
    GraphBuilder graph = new GraphBuilder();
    graph.parameter("w", TensorType.real(2));
    var x = graph.input("x", TensorType.real(2));
    Weights wrong = Weights.of(Map.of("w", Literal.of(TensorType.real(3), 1, 2, 3)));
    TangentsException e =
        assertThrows(TangentsException.class, () -> new Model(graph.build(x), wrong, "test", "00"));
    assertTrue(e.getMessage().startsWith("Parameter 'w': the network expects"), e.getMessage());
    e =
        assertThrows(
            TangentsException.class, () -> new Model(graph.build(x), Weights.none(), "test", "00"));
    assertTrue(e.getMessage().contains("no parameter 'w'"), e.getMessage());
  }

  @Test
  void modelWantsVectors() {
    GraphBuilder graph = new GraphBuilder();
    var x = graph.input("x", TensorType.real(2, 2));
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> new Model(graph.build(x), Weights.none(), "test", "00"));
    assertTrue(e.getMessage().contains("the input of one sample must be a vector"));
  }

  @Test
  void trainedIsOfOnnxFilesAlone() {
    ImportOptions options = ImportOptions.defaults().withTrained(List.of("c"));
    TangentsException e =
        assertThrows(TangentsException.class, () -> Models.load("mlp:2-3", LocalFile::at, options));
    assertEquals(Category.USER, e.category());
    assertTrue(e.getMessage().startsWith("trained: the parameters of model 'mlp:2-3' are known"));
  }
}
