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
