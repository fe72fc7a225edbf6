package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import dev.tangents.testkit.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files: an error that says what is wrong, and memory in bounds. */
class HostileOnnxTest {
  private static final int MUTATIONS = 400;

  private static String refusal(OnnxModels model) {
    TangentsException e = assertThrows(TangentsException.class, model::load);
    assertEquals(Category.MODEL, e.category());
    return e.getMessage();
  }

  @Test
  void bytesThatAreNoProtobuf() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> OnnxModels.load("not a model".getBytes(StandardCharsets.UTF_8), Map.of()));
    assertTrue(
        e.getMessage().startsWith("model 'm.onnx': the file is no ONNX model, or is damaged: "),
        e.getMessage());
    e = assertThrows(TangentsException.class, () -> OnnxModels.load(new byte[0], Map.of()));
    assertEquals("model 'm.onnx': the file has no graph; expected an ONNX model", e.getMessage());
  }

  /** Every file either loads or is refused as a model; nothing else is ever thrown. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp-torchscript", "lenet-torchscript", "tokens-dynamo", "signal-dynamo"})
  void damagedFilesAreRefused(String name) throws Exception {
    byte[] good = Files.readAllBytes(Golden.path("/onnx/" + name + ".onnx"));
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = good.clone();
      if (i % 4 == 0) {
        bad = Arrays.copyOf(good, random.nextInt(good.length));
      } else {
        for (int k = random.nextInt(4); k >= 0; k--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
      }
      try {
        OnnxModels.load(bad, Map.of());
      } catch (TangentsException e) {
        assertTrue(e.category() == Category.MODEL || e.category() == Category.DATA, e.toString());
        refused++;
      }
    }
    assertTrue(refused > MUTATIONS / 4);
  }

  @Test
  void tensorThatClaimsToBeLarge() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 2)
            .initializer(OnnxModels.tensor("w", DataType.FLOAT, List.of(1L << 40, 2L)))
            .node("MatMul", "x,w", "y")
            .output("y");
    assertEquals(
        "model 'm.onnx': tensor 'w': 2199023255552 more numbers do not fit into the 2147483648 bytes left of"
            + " what a model may take",
        refusal(model));
    OnnxModels overflow =
        new OnnxModels()
            .initializer(OnnxModels.tensor("w", DataType.FLOAT, List.of(1L << 40, 1L << 40)))
            .input("x", -1, 2)
            .output("w");
    TangentsException e = assertThrows(TangentsException.class, overflow::load);
    assertTrue(e.getMessage().contains("more than 2^63 elements"), e.getMessage());
  }

  @Test
  void valuesThatWouldBeLarge() {
    OnnxModels input = new OnnxModels().input("x", -1, 1L << 40).node("Relu", "x", "y").output("y");
    assertTrue(refusal(input).contains("has more than 2^28 elements"));
    OnnxModels expanded =
        new OnnxModels()
            .input("x", -1, 2)
            .integers("s", 1L << 30, 1, 2)
            .node("Expand", "x,s", "y")
            .output("y");
    assertTrue(refusal(expanded).contains("has more than 2^28 elements"));
    OnnxModels range =
        new OnnxModels()
            .input("x", -1, 2)
            .integers("a", 0)
            .integers("b", 1L << 40)
            .integers("c", 1)
            .node("Range", "a,b,c", "y")
            .output("y");
    assertTrue(refusal(range).contains("has too many numbers; expected at most 2^24"));
    OnnxModels repeated =
        new OnnxModels()
            .input("x", -1, 2)
            .integers("a", 0)
            .integers("b", 1L << 20)
            .integers("c", 1)
            .integers("s", 1L << 7, 1L << 20)
            .node("Range", "a,b,c", "r")
            .node("Expand", "r,s", "e")
            .node("ReduceSum", "e", "t")
            .node("Add", "x,t", "y")
            .output("y");
    assertTrue(refusal(repeated).contains("has more than 2^24 elements"));
  }

  @Test
  void sizesOutOfRange() {
    OnnxModels squeeze =
        new OnnxModels()
            .input("x", -1, 2)
            .integers("a", Long.MAX_VALUE)
            .node("Unsqueeze", "x,a", "y")
            .output("y");
    assertTrue(refusal(squeeze).contains("node 'n0' (Unsqueeze): "));
    OnnxModels noOutput = new OnnxModels().input("x", -1, 2).node("Relu", "x", "y").output("q");
    assertTrue(refusal(noOutput).contains("no value 'q'"));
  }

  @Test
  void modelLargerThanAllowed() throws Exception {
    byte[] bytes = Files.readAllBytes(Golden.path("/onnx/lenet-torchscript.onnx"));
    ImportOptions small = ImportOptions.defaults().withMaxBytes(1000);
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> new OnnxImporter().load("m.onnx", n -> MemoryFile.of(n, bytes), small));
    assertTrue(e.getMessage().contains("more than the 1000 bytes"), e.getMessage());
  }
}
