package dev.tangents.importer.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.JsonTree;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import dev.tangents.ir.DType;
import dev.tangents.ir.Node;
import dev.tangents.testkit.Golden;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the importer says and refuses, on files of {@code generate.py} with edited settings. */
class KerasImporterTest {
  private static final double[] X = {0.3, -1.2, 0.7, 2.1, -0.4};

  @Test
  void describesTheFile() throws Exception {
    Model model = load("mlp.keras");
    assertTrue(model.description().endsWith("mlp.keras, 7 layers, saved by Keras 3.15.1"));
    assertEquals(5, model.inputWidth());
    assertEquals(3, model.outputCount());
    // 5 7 + 7, 7 + 7, 7 6, 6 + 6, 6 3 + 3; the moving mean and variance are not trained.
    assertEquals(42 + 14 + 42 + 12 + 21, model.parameterCount());
    assertEquals(
        List.of(
            "first/kernel",
            "first/bias",
            "batch_normalization/gamma",
            "batch_normalization/beta",
            "dense/kernel",
            "layer_normalization/gamma",
            "layer_normalization/beta",
            "last/kernel",
            "last/bias"),
        model.graph().parameters().stream().map(Node.Parameter::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp.keras", "mlp.h5"})
  void logitsLeaveOutTheLastActivation(String file) throws Exception {
    ImportOptions logits = ImportOptions.defaults().withOutput(ModelOutput.LOGITS);
    double[] z =
        Evaluate.at(
            Models.load(Golden.path("/keras/" + file).toString(), LocalFile::at, logits), X);
    double sum = Arrays.stream(z).map(Math::exp).sum();
    double[] expected = Arrays.stream(z).map(v -> Math.exp(v) / sum).toArray();
    assertArrayEquals(expected, Evaluate.at(load(file), X), 1e-12);
  }

  @Test
  void tokenIdsAreIntegers() throws Exception {
    assertEquals(DType.INT, load("tokens.keras").graph().inputs().get(0).type().dtype());
    assertEquals("dense_2 [3]", load("tokens.keras").output().toString());
    assertEquals(DType.REAL, load("mlp.keras").graph().inputs().get(0).type().dtype());
  }

  @Test
  void variablesOfFrozenLayersAreConstants() throws Exception {
    Model model =
        edited("mlp", json -> ((ObjectNode) layer(json, 2).path("config")).put("trainable", false));
    assertArrayEquals(Evaluate.at(load("mlp.keras"), X), Evaluate.at(model, X), 0);
    assertEquals(131 - 42, model.parameterCount());
  }

  @Test
  void everythingThatIsNotSupportedIsInOneMessage() {
    TangentsException e =
        refusal(
            "mlp",
            json -> {
              ((ObjectNode) layer(json, 2)).put("class_name", "ConvLSTM2D");
              ((ObjectNode) layer(json, 5)).put("registered_name", "mine>Layer");
            });
    assertEquals(Category.MODEL, e.category());
    assertEquals(
        """
        model 'mlp.keras': 2 layers cannot be read:
          layer 'first' (ConvLSTM2D): this layer is not supported
          layer 'dense' (Dense): a custom object 'mine>Layer', whose code is not in the file""",
        e.getMessage());
  }

  /** As Keras 2 writes it: the layer that was given, and none for the way back. */
  @Test
  void theWayBackIsThatOfTheWayAhead() throws Exception {
    Model whole = load("ways.keras");
    Model shorter =
        edited(
            "ways",
            json -> {
              ObjectNode both = (ObjectNode) layer(json, 2).path("config");
              both.remove("backward_layer");
              ((ObjectNode) both.path("layer").path("config")).put("name", "lstm");
            });
    double[] ids = {0, 3, 6, 2};
    assertArrayEquals(Evaluate.at(whole, ids), Evaluate.at(shorter, ids), 0);
    assertEquals(whole.graph().parameters(), shorter.graph().parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layer | return_state | true  | setting 'return_state' is true, which is not supported",
        "layer | stateful     | true  | setting 'stateful' is true, which is not supported",
        "layer | go_backwards | true  | its ways do not run forward and backward",
        "layer | units        | 4     | expected shape [3, 16], the file has [3, 12]",
        "layer | trainable    | false | setting 'trainable' of the layer 'forward_lstm' in it is false",
        "''    | merge_mode   | none  | setting 'merge_mode' is none; expected concat, sum, mul or ave"
      })
  void recurrentLayersThatAreOthersAreRefused(
      String inner, String key, String value, String message) {
    TangentsException e =
        refusal(
            "ways",
            json -> {
              JsonNode config = layer(json, 2).path("config");
              JsonNode of = inner.isEmpty() ? config : config.path(inner).path("config");
              ((ObjectNode) of).set(key, setting(value));
            });
    assertTrue(e.getMessage().contains("layer 'bidirectional' (Bidirectional): "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  /** Its code is not in the file, wherever it stands. */
  @Test
  void aLayerOfTheUsersOwnIsRefusedInsideOfAnother() {
    TangentsException e =
        refusal(
            "ways",
            json ->
                ((ObjectNode) layer(json, 2).path("config").path("layer"))
                    .put("registered_name", "mine>LSTM"));
    assertTrue(e.getMessage().contains("a custom object 'mine>LSTM'"), e.getMessage());
  }

  @Test
  void aRecurrentLayerHasNoLogits() {
    ImportOptions logits = ImportOptions.defaults().withOutput(ModelOutput.LOGITS);
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                edited(
                    "recurrent",
                    json -> ((ArrayNode) json.path("config").path("layers")).remove(6),
                    logits));
    assertTrue(
        e.getMessage()
            .contains(
                "a recurrent layer has no value before its activation. Leave out --model-output"),
        e.getMessage());
  }

  private static JsonNode setting(String value) {
    return switch (value) {
      case "true" -> BooleanNode.TRUE;
      case "false" -> BooleanNode.FALSE;
      case "4" -> IntNode.valueOf(4);
      default -> TextNode.valueOf(value);
    };
  }

  /** What is written out step by step must not fill the memory. */
  @Test
  void sequencesAreOfABoundedLength() {
    TangentsException e =
        refusal(
            "recurrent",
            json ->
                ((ArrayNode) layer(json, 0).path("config").path("batch_shape"))
                    .set(1, IntNode.valueOf(5000)));
    assertTrue(
        e.getMessage()
            .contains(
                "layer 'simple_rnn' (SimpleRNN): 5000 steps make a graph of about 125002 nodes;"
                    + " expected at most 50000"),
        e.getMessage());
  }

  @Test
  void settingsWithoutACounterpartAreNamed() {
    TangentsException e =
        refusal("mlp", json -> ((ObjectNode) layer(json, 4).path("config")).put("renorm", true));
    assertEquals(
        """
        model 'mlp.keras': 1 layers cannot be read:
          layer 'batch_normalization' (BatchNormalization): setting 'renorm' is true, which is not supported""",
        e.getMessage());
    e =
        refusal(
            "mlp",
            json -> ((ObjectNode) layer(json, 7).path("config")).put("activation", "sparsemax"));
    assertTrue(
        e.getMessage().endsWith("layer 'last' (Dense): activation 'sparsemax' is not supported"),
        e::getMessage);
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    TangentsException e =
        refusal("mlp", json -> ((ObjectNode) layer(json, 2).path("config")).put("units", 8));
    assertTrue(
        e.getMessage()
            .contains(
                "layer 'first' (Dense): variable 'kernel': expected shape [5, 8], the file has [5, 7]"),
        e::getMessage);
  }

  @Test
  void openAxesOfTheInputAreRefused() {
    TangentsException e =
        refusal(
            "mlp",
            json ->
                ((ObjectNode) layer(json, 0).path("config"))
                    .putArray("batch_shape")
                    .addNull()
                    .addNull());
    assertEquals(
        "model 'mlp.keras': axis 1 of its input [null,null] is open; every axis but the first must have a"
            + " fixed size",
        e.getMessage());
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() throws Exception {
    byte[] file = Files.readAllBytes(Golden.path("/keras/mlp.h5"));
    double first = load("mlp.h5").weights().get("last/bias").toArray()[0];
    byte[] needle = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(first).array();
    int at =
        new String(file, StandardCharsets.ISO_8859_1)
            .indexOf(new String(needle, StandardCharsets.ISO_8859_1));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putDouble(at, Double.NaN);
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> Models.load("mlp.h5", name -> MemoryFile.of(name, file)));
    assertEquals(
        "model 'mlp.h5': Parameter 'last/bias' [3]: element 0 is NaN; every weight must be a finite number."
            + " Retrain or repair the model file",
        e.getMessage());
  }

  @Test
  void weightsAloneAreRefused() throws Exception {
    byte[] weights = entry(Files.readAllBytes(Golden.path("/keras/mlp.keras")));
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> Models.load("mlp.weights.h5", name -> MemoryFile.of(name, weights)));
    assertEquals(
        "model 'mlp.weights.h5': it has weights but no model_config. Save the whole model, not its weights"
            + " alone",
        e.getMessage());
  }

  @Test
  void otherFilesAreRefused() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> Models.load("x.keras", name -> MemoryFile.of(name, new byte[] {1, 2, 3})));
    assertEquals(
        "model 'x.keras': it is neither an HDF5 file nor a Keras archive with the entry config.json. Save"
            + " the whole model with model.save('NAME.keras')",
        e.getMessage());
  }

  /** Any byte may be wrong: the answer is a network or a message, never another exception. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp.keras", "mlp.h5", "branches.h5"})
  void damagedFilesEndInAMessage(String name) throws Exception {
    byte[] file = Files.readAllBytes(Golden.path("/keras/" + name));
    Random random = new Random(1);
    ImportOptions small = ImportOptions.defaults().withMaxBytes(1 << 22);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = Arrays.copyOf(file, i % 10 == 0 ? random.nextInt(file.length) : file.length);
      for (int k = 0; k < 8 && damaged.length > 0; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        Models.load(name, spec -> MemoryFile.of(spec, damaged), small);
      } catch (TangentsException e) {
        refused++;
      }
    }
    assertTrue(refused > 30, "refused " + refused);
  }

  private static Model load(String file) throws Exception {
    return Models.load(Golden.path("/keras/" + file).toString(), LocalFile::at);
  }

  private static JsonNode layer(JsonNode model, int index) {
    return model.path("config").path("layers").path(index);
  }

  private static TangentsException refusal(String network, Consumer<JsonNode> edit) {
    return assertThrows(TangentsException.class, () -> edited(network, edit));
  }

  /** The network with edited settings. */
  private static Model edited(String network, Consumer<JsonNode> edit) throws Exception {
    return edited(network, edit, ImportOptions.defaults());
  }

  private static Model edited(String network, Consumer<JsonNode> edit, ImportOptions options)
      throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] file = Files.readAllBytes(Golden.path("/keras/" + network + ".keras"));
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(file));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        if (entry.getName().equals("config.json")) {
          JsonNode json = JsonTree.parseObject(content);
          edit.accept(json);
          content = json.toString().getBytes(StandardCharsets.UTF_8);
        }
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(content);
      }
    }
    return Models.load(
        network + ".keras", name -> MemoryFile.of(name, bytes.toByteArray()), options);
  }

  private static byte[] entry(byte[] file) throws IOException {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(file))) {
      ZipEntry entry = in.getNextEntry();
      while (!entry.getName().endsWith(".h5")) {
        entry = in.getNextEntry();
      }
      return in.readAllBytes();
    }
  }
}
