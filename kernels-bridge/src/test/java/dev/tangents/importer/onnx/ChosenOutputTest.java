package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelInput;
import dev.tangents.importer.ModelOutput;
import dev.tangents.ir.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of several outputs, and values between nodes, taken by their names. */
class ChosenOutputTest {
  /** a = x w; y = tanh a; label = TopK(a), which is not supported; z = x u + s. */
  private static OnnxModels several() {
    return new OnnxModels()
        .input("x", -1, 2)
        .input("s", -1, 2)
        .weight("w", List.of(2L, 2L), 1, 2, 3, 4)
        .weight("u", List.of(2L, 2L), 5, 6, 7, 8)
        .node("MatMul", "x,w", "a")
        .node("Tanh", "a", "y")
        .node("TopK", "a", "label")
        .node("MatMul", "x,u", "b")
        .node("Add", "b,s", "z")
        .output("y")
        .output("label")
        .output("z");
  }

  private static ImportOptions naming(String name) {
    return ImportOptions.defaults().withOutput(ModelOutput.of(name));
  }

  private static List<String> parameters(Model model) {
    return model.graph().parameters().stream().map(Node.Parameter::name).toList();
  }

  private static List<String> inputs(Model model) {
    return model.inputs().stream().map(ModelInput::name).toList();
  }

  @Test
  void outputIsReadWithWhatItDependsOnAlone() {
    Model y = several().load(naming("y"));
    assertEquals("y [2]", y.output().toString());
    assertEquals(List.of("w"), parameters(y));
    assertEquals(List.of("x"), inputs(y));
    assertArrayEquals(new double[] {Math.tanh(4), Math.tanh(6)}, Evaluate.at(y, 1, 1), 1e-15);
    Model z = several().load(naming("z"));
    assertEquals(List.of("u"), parameters(z));
    assertEquals(List.of("x", "s"), inputs(z));
    assertArrayEquals(new double[] {12.5, 14.25}, Evaluate.at(z, 1, 1, 0.5, 0.25), 0);
  }

  @Test
  void valueBetweenNodesMayBeNamed() {
    Model a = several().load(naming("a"));
    assertEquals("a [2]", a.output().toString());
    assertArrayEquals(new double[] {4, 6}, Evaluate.at(a, 1, 1), 0);
    Model x = several().load(naming("x"));
    assertArrayEquals(new double[] {3, 2}, Evaluate.at(x, 3, 2), 0);
  }

  @Test
  void valueOfAFileOfOneOutputMayBeNamed() {
    OnnxModels model =
        new OnnxModels().input("x", -1, 2).node("Neg", "x", "a").node("Relu", "a", "y").output("y");
    assertArrayEquals(new double[] {-1, -2}, Evaluate.at(model.load(naming("a")), 1, 2), 0);
    assertArrayEquals(new double[] {0, 0}, Evaluate.at(model.load(naming("output")), 1, 2), 0);
  }

  @Test
  void unsupportedNodeIsRefusedWhereItIsNeeded() {
    assertEquals(
        "model 'm.onnx': 1 nodes cannot be read:\n  node 'n2' (TopK): operator not supported",
        refusal("label", Category.MODEL));
  }

  @Test
  void unknownNameIsRefusedWithTheOutputs() {
    String expected =
        "model 'm.onnx': model-output: expected output, logits or a value of the file, got '%s'; its outputs"
            + " are y, label, z";
    assertEquals(expected.formatted("yy"), refusal("yy", Category.USER));
    assertEquals(expected.formatted("w"), refusal("w", Category.USER));
  }

  /** As transformers have it: logits is what the file calls them, whatever goes into them. */
  @Test
  void wordsAreNamesAmongSeveralOutputs() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 2)
            .node("Relu", "x", "logits")
            .node("Neg", "x", "output")
            .output("logits")
            .output("output");
    assertArrayEquals(new double[] {0, 2}, Evaluate.at(model.load(naming("logits")), -1, 2), 0);
    assertArrayEquals(new double[] {1, -2}, Evaluate.at(model.load(naming("output")), -1, 2), 0);
    assertTrue(refusal("logits", Category.MODEL).contains("expected one output, got 3"));
  }

  @Test
  void batchAxisOfTheChosenValueIsNamed() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 2)
            .node("Transpose", "x", "t")
            .node("Relu", "x", "y")
            .output("y");
    ImportOptions wrong = naming("t");
    TangentsException e = assertThrows(TangentsException.class, () -> model.load(wrong));
    assertTrue(e.getMessage().contains("Name its axis with --batch-axis t=AXIS"), e.getMessage());
    Model t = model.load(wrong.withBatchAxes(BatchAxes.parse("t=1")));
    assertArrayEquals(new double[] {3, -2}, Evaluate.at(t, 3, -2), 0);
  }

  private static String refusal(String name, Category category) {
    TangentsException e = assertThrows(TangentsException.class, () -> several().load(naming(name)));
    assertEquals(category, e.category());
    return e.getMessage();
  }
}
