package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.ir.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which initializers are parameters: as the file declares, as it looks, as the user says. */
class OnnxParametersTest {
  private static List<String> parameters(Model model) {
    return model.graph().parameters().stream().map(Node.Parameter::name).toList();
  }

  private static OnnxModels net() {
    return new OnnxModels().input("x", -1, 2);
  }

  @Test
  void declaredKindIsTakenBeforeThePosition() {
    Model model =
        net()
            .weight("basis", List.of(2L, 2L), 1, 2, 3, 4)
            .weight("centre", List.of(2L), 5, 6)
            .weight("gain", List.of(), 2)
            .declared("basis", "BUFFER")
            .declared("centre", "PARAMETER")
            .declared("gain", "PARAMETER")
            .node("MatMul", "x,basis", "a")
            .node("Sub", "a,centre", "b")
            .node("Mul", "b,gain", "y")
            .output("y")
            .load();
    assertEquals(List.of("centre", "gain"), parameters(model));
    assertFalse(model.description().contains("note"), model.description());
  }

  /** Weight norm (Salimans, Kingma, 2016): w = g v / |v|. */
  @Test
  void sourcesOfAComputedWeightAreParameters() {
    Model model =
        net()
            .weight("v", List.of(2L, 3L), 1, 2, 3, 4, 5, 6)
            .weight("g", List.of(1L, 3L), 7, 8, 9)
            .weight("two", List.of(), 2)
            .node("ReduceL2", "v", "n")
            .node("Div", "v,n", "u")
            .node("Mul", "u,g", "w")
            .node("Pow", "w,two", "squared")
            .node("MatMul", "x,squared", "y")
            .output("y")
            .load();
    assertEquals(List.of("v", "g"), parameters(model));
  }

  /**
   * As BERT's exporters write it: (1 - mask) times a large negative number, added to the scores.
   */
  @Test
  void sourceOfAMaskIsNoParameter() {
    Model model =
        net()
            .weight("mask", List.of(1L, 2L), 1, 0)
            .weight("one", List.of(), 1)
            .weight("large", List.of(), -10_000)
            .weight("w", List.of(2L, 2L), 1, 2, 3, 4)
            .node("MatMul", "x,w", "a")
            .node("Sub", "one,mask", "inverse")
            .node("Mul", "inverse,large", "bias")
            .node("Add", "a,bias", "y")
            .output("y")
            .load();
    assertEquals(List.of("w"), parameters(model));
  }

  /** As torch.nn.utils.prune writes it. */
  @Test
  void maskOfAWeightIsNoParameter() {
    Model model =
        net()
            .weight("w", List.of(2L, 2L), 1, 2, 3, 4)
            .weight("mask", List.of(2L, 2L), 1, 0, 1, 1)
            .node("Mul", "mask,w", "pruned")
            .node("MatMul", "x,pruned", "y")
            .output("y")
            .load();
    assertEquals(List.of("w"), parameters(model));
  }

  /** As tf2onnx writes a layer of one output; a number of the program looks alike elsewhere. */
  @Test
  void biasOfAProductWithOneOutputIsAParameter() {
    Model model =
        net()
            .producer("tf2onnx")
            .weight("w", List.of(2L, 1L), 1, 2)
            .weight("b", List.of(1L), 3)
            .weight("half", List.of(1L), 0.5)
            .node("MatMul", "x,w", "a")
            .node("Add", "a,b", "c")
            .node("Mul", "c,half", "y")
            .output("y")
            .load();
    assertEquals(List.of("w", "b"), parameters(model));
  }

  @Test
  void whatAFileWithDeclarationsDoesNotDeclareIsTheExporters() {
    Model model =
        net()
            .producer("pytorch")
            .weight("mul", List.of(2L, 2L), 1, 2, 3, 4)
            .weight("sqrt", List.of(), 2.6)
            .weight("b", List.of(2L), 1, 2)
            .declared("b", "PARAMETER")
            .node("MatMul", "x,mul", "a")
            .node("Add", "a,b", "c")
            .node("Mul", "c,sqrt", "y")
            .output("y")
            .load();
    assertEquals(List.of("mul", "b"), parameters(model));
    assertTrue(
        model.description().contains("1 parameters were computed by the exporter"),
        model.description());
    assertTrue(model.description().endsWith(": mul"), model.description());
  }

  /** A result or operand without a name is none that other nodes share. */
  @Test
  void nodesWithOptionalOperandsLeftOutDoNotMeet() {
    Model model =
        net()
            .weight("w", List.of(2L, 2L), 1, 2, 3, 4)
            .weight("most", List.of(), 3)
            .node("Clip", "w,,most", "clipped")
            .node("Clip", "x,,most", "short")
            .node("MatMul", "short,clipped", "y")
            .output("y")
            .load();
    assertEquals(List.of("w"), parameters(model));
  }

  /** A code book: the weight is compared with the sample, and multiplied by it. */
  @Test
  void sourceOfAWeightStaysOneWhereItMeetsASampleToo() {
    Model model =
        net()
            .weight("v", List.of(1L, 2L), 3, 4)
            .node("ReduceL2", "v", "n")
            .node("Div", "v,n", "u")
            .node("Transpose", "u", "ut")
            .node("MatMul", "x,ut", "a")
            .node("Sub", "x,u", "d")
            .node("Mul", "a,d", "y")
            .output("y")
            .load();
    assertEquals(List.of("v"), parameters(model));
  }

  private static OnnxModels gain(String name, String producer) {
    return net()
        .producer(producer)
        .weight(name, List.of(), 3)
        .node("Mul", "x," + name, "y")
        .output("y");
  }

  @Test
  void oneNumberIsAParameterOnlyWhereAModuleOfPyTorchHasIt() {
    assertEquals(List.of("gate.gain"), parameters(gain("gate.gain", "pytorch").load()));
    for (String made : List.of("onnx::Mul_7", "17", "/gate/Constant_output_0", "val_3")) {
      assertEquals(List.of(), parameters(gain(made, "pytorch").load()), made);
    }
    assertEquals(List.of(), parameters(gain("gate.gain", "tf2onnx").load()));
  }

  private static OnnxModels standardised() {
    return net()
        .weight("mean", List.of(2L), 1, 2)
        .weight("deviation", List.of(2L), 3, 4)
        .weight("w", List.of(2L, 2L), 1, 2, 3, 4)
        .node("Sub", "x,mean", "a")
        .node("Div", "a,deviation", "b")
        .node("MatMul", "b,w", "y")
        .output("y");
  }

  @Test
  void whatMeetsASampleWithoutBeingAWeightIsAConstantAndTold() {
    Model model = standardised().load();
    assertEquals(List.of("w"), parameters(model));
    assertTrue(
        model
            .description()
            .endsWith(
                "; note: taken for constants, for the file does not say whether they were trained: mean,"
                    + " deviation. If they were, name them with --trained"),
        model.description());
  }

  @Test
  void whatTheUserNamesIsAParameter() {
    Model model = standardised().load(ImportOptions.defaults().withTrained(List.of(" me*n ")));
    assertEquals(List.of("mean", "w"), parameters(model));
    assertTrue(model.description().contains(": deviation."), model.description());
    OnnxModels buffer = standardised().declared("mean", "BUFFER");
    ImportOptions named = ImportOptions.defaults().withTrained(List.of("mean"));
    assertEquals(List.of("mean", "w"), parameters(buffer.load(named)));
  }

  @Test
  void patternThatMatchesNothingIsRefusedWithWhatThereIs() {
    ImportOptions options = ImportOptions.defaults().withTrained(List.of("centres"));
    TangentsException e = assertThrows(TangentsException.class, () -> standardised().load(options));
    assertEquals(Category.USER, e.category());
    assertTrue(
        e.getMessage()
            .endsWith(
                "trained: 'centres' matches no float initializer of the model, which has mean, deviation, w"),
        e.getMessage());
  }
}
