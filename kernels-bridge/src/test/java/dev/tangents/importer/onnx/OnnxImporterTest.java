package dev.tangents.importer.onnx;

import static dev.tangents.importer.onnx.OnnxModels.integer;
import static dev.tangents.importer.onnx.OnnxModels.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import dev.tangents.ir.Node;
import dev.tangents.transform.Vjp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImporterTest {
  /** y = x w + b with w [2, 1], b [1]. */
  private static OnnxModels line(long... batch) {
    return new OnnxModels()
        .input("x", batch[0], 2)
        .weight("w", List.of(2L, 1L), 2, -3)
        .weight("b", List.of(1L), 0.5)
        .node("Gemm", "x,w,b", "z")
        .output("z");
  }

  private static String refusal(OnnxModels model) {
    TangentsException e = assertThrows(TangentsException.class, model::load);
    assertEquals(Category.MODEL, e.category());
    return e.getMessage();
  }

  private static void assertRefused(String expected, OnnxModels model) {
    assertEquals("model 'm.onnx': " + expected, refusal(model));
  }

  private static List<String> parameters(Model model) {
    return model.graph().parameters().stream().map(Node.Parameter::name).toList();
  }

  @Test
  void batchIsOpenOrOne() {
    for (long batch : new long[] {-1, 1}) {
      Model model = line(batch).load();
      assertArrayEquals(new double[] {-3.5}, Evaluate.at(model, 1, 2), 0);
      assertEquals(3, model.parameterCount());
      assertEquals("ONNX network m.onnx, opset 17", model.description());
    }
    assertRefused(
        "input 'x': its first axis is fixed at 4; expected the batch axis, open or fixed at 1. Export with"
            + " a dynamic batch axis, or name the batch axis with --batch-axis",
        line(4));
  }

  @Test
  void otherAxesAreFixed() {
    assertRefused(
        "input 'x': axis 1 is open ('d7'); every axis but the batch, here axis 0, must have a fixed size."
            + " Export with a fixed one",
        new OnnxModels().input("x", -1, -7).node("Relu", "x", "y").output("y"));
  }

  @Test
  void everythingUnsupportedIsInOneMessage() {
    OnnxModels model =
        line(-1)
            .node("NonMaxSuppression", "x", "p")
            .node("Relu", "p", "q")
            .node("TopK", "q", "r")
            .node("Relu", "z", "s")
            .domain("com.example")
            .node("Equal", "x,z", "t")
            .onlyOutput("t");
    assertRefused(
        "4 nodes cannot be read:"
            + "\n  node 'n1' (NonMaxSuppression): operator not supported"
            + "\n  node 'n3' (TopK): operator not supported"
            + "\n  node 'n4' (com.example.Relu): operator not supported"
            + "\n  node 'n5' (Equal): operand 0 depends on the sample or on a parameter; expected a constant,"
            + " since shapes and indices are fixed when the file is read",
        model);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 22})
  void opsetOutsideIsRefused(int opset) {
    assertRefused(
        "opset " + opset + "; expected 11 to 21. Export with opset_version=18",
        line(-1).opset(opset));
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 21})
  void opsetInsideIsRead(int opset) {
    assertEquals(3, line(-1).opset(opset).load().parameterCount());
  }

  @Test
  void networkThatMixesSamplesIsRefused() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 2)
            .node("ReduceMean", "x", "m", ints("axes", 0))
            .node("Add", "x,m", "y")
            .output("y");
    String message = refusal(model);
    assertTrue(
        message.startsWith(
            "model 'm.onnx': the network mixes samples: two samples at once give outputs that differ by "),
        message);
  }

  @Test
  void networkThatFixesTheBatchInsideIsRefused() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 4)
            .integers("s", 1, 2, 2)
            .node("Reshape", "x,s", "y")
            .output("y");
    String message = refusal(model);
    assertTrue(
        message.startsWith(
            "model 'm.onnx': the network can be read at a batch of 1 but not of 2, so its samples are not"
                + " apart: 1 nodes cannot be read:\n  node 'n0' (Reshape): "),
        message);
  }

  @Test
  void trainingModeIsRefused() {
    OnnxModels model = new OnnxModels().input("x", -1, 2, 3).weight("s", List.of(2L), 1, 2);
    for (String name : List.of("b", "m", "v")) {
      model.weight(name, List.of(2L), 1, 2);
    }
    model.node("BatchNormalization", "x,s,b,m,v", "y", integer("training_mode", 1)).output("y");
    assertTrue(refusal(model).contains("(BatchNormalization): it is in training mode"));
  }

  @Test
  void statisticsMasksAndFactorsAreNoParameters() {
    OnnxModels model = new OnnxModels().input("x", -1, 2, 3).weight("scale", List.of(2L), 1, 2);
    for (String name : List.of("shift", "mean", "variance")) {
      model.weight(name, List.of(2L), 1, 2);
    }
    model
        .weight("mask", List.of(1L, 3L), 0, Double.NEGATIVE_INFINITY, 0)
        .weight("half", List.of(), 0.5)
        .weight("position", List.of(1L, 2L, 3L), 1, 2, 3, 4, 5, 6)
        .weight("unused", List.of(3L, 1L), 1, 2, 3)
        .node("BatchNormalization", "x,scale,shift,mean,variance", "a")
        .node("Mul", "a,half", "b")
        .node("Add", "b,position", "c")
        .node("Add", "c,mask", "d")
        .node("Softmax", "d", "y")
        .node("MatMul", "d,unused", "dead")
        .output("y");
    assertEquals(List.of("scale", "shift", "position"), parameters(model.load()));
  }

  /** Exporters merge equal initializers, so an untrained network's zeros are one. */
  @Test
  void meanThatIsAlsoAShiftIsAConstant() {
    Model model =
        new OnnxModels()
            .input("x", -1, 2, 3)
            .weight("ones", List.of(2L), 1, 1)
            .weight("zeros", List.of(2L), 0, 0)
            .node("BatchNormalization", "x,ones,zeros,zeros,ones", "y")
            .output("y")
            .load();
    assertEquals(List.of("ones", "zeros"), parameters(model));
    assertEquals(3 / Math.sqrt(1 + 1e-5), Evaluate.at(model, 1, 2, 3, 4, 5, 6)[2], 1e-15);
  }

  /** PyTorch's exporter keeps one of several equal weights and gives the others by Identity. */
  @Test
  void secondNameOfAWeightIsAParameterOfItsOwn() {
    Model model =
        new OnnxModels()
            .input("x", -1, 2, 3)
            .weight("bn1.weight", List.of(2L), 1, 1)
            .weight("bn1.bias", List.of(2L), 0, 0)
            .node("Identity", "bn1.weight", "bn2.weight")
            .node("Identity", "bn1.bias", "bn2.bias")
            .node("Identity", "bn1.bias", "bn1.running_mean")
            .node("Identity", "bn1.weight", "bn1.running_var")
            .node(
                "BatchNormalization", "x,bn1.weight,bn1.bias,bn1.running_mean,bn1.running_var", "a")
            .node(
                "BatchNormalization", "a,bn2.weight,bn2.bias,bn1.running_mean,bn1.running_var", "y")
            .output("y")
            .load();
    assertEquals(
        List.of("bn1.bias", "bn1.weight", "bn2.bias", "bn2.weight"),
        parameters(model).stream().sorted().toList());
    assertEquals(3 / (1 + 1e-5), Evaluate.at(model, 1, 2, 3, 4, 5, 6)[2], 1e-15);
  }

  @Test
  void weightIsSeenThroughTransposeAndReshape() {
    Model model =
        new OnnxModels()
            .input("x", -1, 2)
            .weight("w", List.of(3L, 2L), 1, 2, 3, 4, 5, 6)
            .weight("b", List.of(3L, 1L), 1, 1, 1)
            .integers("s", -1)
            .node("Transpose", "w", "wt")
            .node("Reshape", "b,s", "bt")
            .node("MatMul", "x,wt", "a")
            .node("Add", "a,bt", "y")
            .output("y")
            .load();
    assertEquals(List.of("w", "b"), parameters(model));
    assertArrayEquals(new double[] {4, 8, 12}, Evaluate.at(model, 1, 1), 0);
  }

  /** Padding is below every activation, not zero. */
  @Test
  void maxPoolingOfNegativeNumbersIgnoresThePadding() {
    Model model =
        new OnnxModels()
            .input("x", -1, 1, 4)
            .node("MaxPool", "x", "y", ints("kernel_shape", 2), ints("pads", 1, 1))
            .output("y")
            .load();
    assertArrayEquals(new double[] {-3, -2, -2, -4, -4}, Evaluate.at(model, -3, -2, -5, -4), 0);
  }

  @Test
  void tokenIdsHaveNoDerivative() {
    Model model =
        new OnnxModels()
            .input("ids", DataType.INT64, -1, 2)
            .weight("table", List.of(3L, 2L), 1, 2, 3, 4, 5, 6)
            .node("Gather", "table,ids", "y")
            .output("y")
            .load();
    assertArrayEquals(new double[] {5, 6, 1, 2}, Evaluate.at(model, 2, 0), 0);
    TangentsException e =
        assertThrows(TangentsException.class, () -> Vjp.of(model.graph(), List.of("ids")));
    assertEquals(
        "Derivative by 'ids': it is INT[2], and only real values have derivatives", e.getMessage());
    e = assertThrows(TangentsException.class, () -> Evaluate.at(model, 3, 0));
    assertEquals(Category.DATA, e.category());
    assertEquals("gather: no row 3.0 in a table of 3 rows; expected -3 to 2", e.getMessage());
  }

  /** As tf2onnx writes them for an Embedding of Keras: ids + 3 where ids are below 0. */
  @Test
  void tokenIdsTakePartInArithmetic() {
    Model model =
        new OnnxModels()
            .input("ids", DataType.INT64, -1, 2)
            .weight("table", List.of(3L, 1L), 10, 20, 30)
            .integers("zero", 0)
            .integers("rows", 3)
            .node("Less", "ids,zero", "below")
            .node("Cast", "below", "steps", OnnxModels.integer("to", DataType.INT64.getNumber()))
            .node("Mul", "steps,rows", "shift")
            .node("Add", "ids,shift", "row")
            .node("Gather", "table,row", "t")
            .node("Flatten", "t", "y")
            .output("y")
            .load();
    assertArrayEquals(new double[] {30, 20}, Evaluate.at(model, -1, 1), 0);
    assertThrows(TangentsException.class, () -> Vjp.of(model.graph(), List.of("ids")));
  }

  @Test
  void whatTheExporterDidIsSaid() {
    Model model =
        new OnnxModels()
            .input("x", -1, 2)
            .weight("onnx::MatMul_7", List.of(2L, 3L), 1, 2, 3, 4, 5, 6)
            .weight("tied", List.of(3L, 2L), 1, 4, 2, 5, 3, 6)
            .node("MatMul", "x,onnx::MatMul_7", "a")
            .node("MatMul", "a,tied", "y")
            .output("y")
            .load();
    assertEquals(
        "ONNX network m.onnx, opset 17; note: 1 parameters were computed by the exporter, from folded batch"
            + " normalisations, transposed weights or reordered gates: onnx::MatMul_7",
        model.description());
  }

  @Test
  void logitsAreBeforeTheLastActivation() {
    OnnxModels model = new OnnxModels().input("x", -1, 2).node("Softmax", "x", "y").output("y");
    assertArrayEquals(
        new double[] {1, 3},
        Evaluate.at(model.load(ImportOptions.defaults().withOutput(ModelOutput.LOGITS)), 1, 3),
        0);
    double[] y = Evaluate.at(model.load(), 1, 3);
    assertEquals(1, y[0] + y[1], 1e-15);
  }

  @Test
  void severalOutputsAreRefused() {
    assertRefused(
        "expected one output, got 2: z, x. Name the one whose derivatives are wanted with --model-output NAME"
            + " (in SQL the option 'model-output=NAME')",
        line(-1).output("x"));
  }

  @Test
  void valuesComeBeforeTheirUse() {
    String message =
        refusal(
            new OnnxModels()
                .input("x", -1, 2)
                .node("Add", "x,b", "a")
                .node("Relu", "a", "b")
                .output("b"));
    assertEquals(
        "model 'm.onnx': 1 nodes cannot be read:\n  node 'n0' (Add): no value 'b' before it; nodes must"
            + " stand in the order in which they are computed",
        message);
  }

  @Test
  void namesDiffer() {
    assertTrue(refusal(line(-1).node("Relu", "x", "z")).contains("two values are named 'z'"));
    assertTrue(
        refusal(line(-1).weight("w", List.of(1L), 1)).contains("two initializers are named 'w'"));
  }
}
