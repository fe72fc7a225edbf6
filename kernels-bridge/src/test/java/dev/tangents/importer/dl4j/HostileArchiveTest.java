package dev.tangents.importer.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Models;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** Damaged and malicious archives: a message, and no more memory than the file is worth. */
class HostileArchiveTest {
  private static final int MUTATIONS = 500;
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";

  @TempDir Path folder;
  private Map<String, byte[]> entries;

  @BeforeEach
  void saveANetwork() throws Exception {
    Path file =
        Networks.save(
            Networks.random(
                DataType.FLOAT,
                new DenseLayer.Builder().nIn(3).nOut(4).activation(Activation.RELU).build(),
                new BatchNormalization.Builder().nIn(4).nOut(4).build(),
                new OutputLayer.Builder().nIn(4).nOut(2).activation(Activation.SOFTMAX).build()),
            folder);
    entries = Zips.unpack(Files.readAllBytes(file));
  }

  @Test
  void notAnArchive() {
    requireFault("hello".getBytes(StandardCharsets.UTF_8), "it has no configuration.json");
    requireFault(new byte[0], "not a Deeplearning4j archive");
  }

  @Test
  void archiveWithoutCoefficients() throws Exception {
    entries.remove(COEFFICIENTS);
    requireFault("the archive has no coefficients.bin");
  }

  @Test
  void configurationThatIsNoNetwork() throws Exception {
    configuration("[1]");
    requireFault("configuration.json: JSON: expected an object, got ARRAY");
    configuration("{\"confs\": 3}");
    requireFault("expected a MultiLayerNetwork with an array 'confs' of layers, got NUMBER");
    configuration("{\"vertices\": {}, \"networkInputs\": []}");
    requireFault("a ComputationGraph with 0 inputs and 0 outputs; expected one of each");
    String graph =
        "{\"vertices\": {\"a\": {}}, \"networkInputs\": [\"i\"], \"networkOutputs\": [\"a\"]";
    configuration(graph + "}");
    requireFault("a ComputationGraph without the order of its vertices");
    graph += ", \"topologicalOrderStr\": [\"i\", \"a\"], \"vertexInputs\": {\"a\": [\"a\"]}}";
    configuration(graph);
    requireFault("vertex 'a' does not come after its inputs [a]; the file was edited");
    configuration("{\"a\": 1, \"a\": 2}");
    requireFault("JSON: malformed at line 1");
    configuration("{\"a\":".repeat(5000));
    requireFault("configuration.json: JSON: malformed");
  }

  @Test
  void classNamesOutsideTheListAreNeverLoaded() throws Exception {
    edit("org.deeplearning4j.nn.conf.layers.DenseLayer", "javax.script.ScriptEngineManager");
    requireFault("layer 0 'layer0': javax.script.ScriptEngineManager");
  }

  @Test
  void classNamesOfUnusedPartsDoNotReachDeeplearning4j() throws Exception {
    edit("org.nd4j.linalg.learning.config.Sgd", "javax.script.ScriptEngineManager");
    ModelSource source = MemoryFile.of("m.zip", Zips.pack(entries));
    Model model = Models.load("m.zip", path -> source);
    Dl4jVerifier verifier =
        Dl4jVerifier.of(source, ImportOptions.defaults().withOutput(ModelOutput.OUTPUT));
    double[][] x = {{1, 2, 3}};
    double[][] y = {Evaluate.at(model, 1, 2, 3)};
    assertTrue(verifier.maxRelativeDifference(x, y) < 1e-5);
  }

  @Test
  void widthThatNeedsAnotherNumberOfCoefficients() throws Exception {
    edit("\"nin\" : 3", "\"nin\" : 5");
    requireFault("the layers of configuration.json need 50 numbers, its shape says 42");
  }

  @Test
  void hugeWidthsAreRefusedBeforeMemoryIsTaken() throws Exception {
    edit("\"nin\" : 3", "\"nin\" : 268435456");
    requireFault("its layers need more than 268435456 numbers");
    edit("268435456", "2147483648");
    requireFault("DenseLayer with nin = 2147483648; expected 1 to 268435456");
    edit("2147483648", "-3");
    requireFault("DenseLayer with nin = -3");
    edit("-3,", "3.5,");
    requireFault("DenseLayer with nin = 3.5");
  }

  @Test
  void layersThatDoNotFitOneAnother() throws Exception {
    edit("\"nout\" : 4", "\"nout\" : 7");
    requireFault("layer 1 takes 4 inputs and the layers before it give 7");
  }

  @Test
  void bufferThatClaimsMoreThanItHas() throws Exception {
    byte[] bin = entries.get(COEFFICIENTS);
    entries.put(COEFFICIENTS, Arrays.copyOf(bin, bin.length - 1));
    requireFault("coefficients.bin: ends after 167 of 168 bytes");
    entries.put(COEFFICIENTS, Arrays.copyOf(bin, bin.length + 1));
    requireFault("coefficients.bin: goes on after its last number");
    byte[] long1 = bin.clone();
    // After the allocation mode (2 + 16 bytes) comes the length of the shape.
    ByteBuffer.wrap(long1).putLong(18, Long.MAX_VALUE);
    entries.put(COEFFICIENTS, long1);
    requireFault("its shape has 9223372036854775807 numbers of type LONG");
  }

  @Test
  void nanWeightIsNamed() throws Exception {
    byte[] bin = entries.get(COEFFICIENTS);
    ByteBuffer.wrap(bin).putFloat(bin.length - 4 * 42, Float.NaN);
    requireFault("Parameter '0_W' [3, 4]: element 0 is NaN");
  }

  @Test
  void bombsStopAtTheLimit() throws Exception {
    Map<String, byte[]> bomb = new LinkedHashMap<>();
    bomb.put("zeros", new byte[8 << 20]);
    bomb.putAll(entries);
    ImportOptions small = ImportOptions.defaults().withMaxBytes(1 << 20);
    byte[] zip = Zips.pack(bomb);
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> Models.load("m.zip", p -> MemoryFile.of("m.zip", zip), small));
    assertTrue(
        e.getMessage().contains("more than the 1048576 bytes that a model may have, unpacked"),
        e.getMessage());
    configuration(" ".repeat((1 << 24) + 1));
    requireFault("configuration.json: more than 16777216 bytes");
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      many.put("../../entry" + i, new byte[1]);
    }
    requireFault(Zips.pack(many), "more than 64 entries in the archive");
  }

  @Test
  void randomMutationsGiveAMessageOrAModel() throws Exception {
    byte[] zip = Zips.pack(entries);
    Random random = new Random(5);
    int faults = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes;
      if (i % 2 == 0) {
        bytes = mutate(zip, random);
      } else {
        Map<String, byte[]> copy = new LinkedHashMap<>(entries);
        copy.computeIfPresent(
            i % 4 == 1 ? CONFIGURATION : COEFFICIENTS, (k, v) -> mutate(v, random));
        bytes = Zips.pack(copy);
      }
      try {
        Models.load("m.zip", path -> MemoryFile.of("m.zip", bytes));
      } catch (TangentsException e) {
        faults++;
        assertEquals(Category.MODEL, e.category(), e.getMessage());
      }
    }
    assertTrue(faults > MUTATIONS / 4, "only " + faults + " mutations were noticed");
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private void configuration(String json) {
    entries.put(CONFIGURATION, json.getBytes(StandardCharsets.UTF_8));
  }

  private void edit(String from, String to) {
    String json = new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8);
    assertTrue(json.contains(from), from);
    int at = json.indexOf(from);
    boolean everywhere = from.contains("learning.config");
    configuration(
        everywhere
            ? json.replace(from, to)
            : json.substring(0, at) + to + json.substring(at + from.length()));
  }

  private void requireFault(String message) throws Exception {
    requireFault(Zips.pack(entries), message);
  }

  private static void requireFault(byte[] zip, String message) {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> Models.load("m.zip", path -> MemoryFile.of("m.zip", zip)));
    assertEquals(Category.MODEL, e.category());
    assertTrue(
        e.getMessage().startsWith("model 'm.zip': ") || e.getMessage().startsWith("Parameter"),
        e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
