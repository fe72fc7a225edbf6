package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.Model;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto.AttributeType;
import dev.tangents.ir.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operators of scikit-learn's exporter. */
class LearningOpsTest {
  private static OnnxModels scaler(AttributeProto... attributes) {
    return new OnnxModels()
        .input("x", -1, 2)
        .node("Scaler", "x", "y", attributes)
        .domain("ai.onnx.ml")
        .output("y");
  }

  private static AttributeProto floats(String name, float... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOATS);
    for (float value : values) {
      attribute.addFloats(value);
    }
    return attribute.build();
  }

  @Test
  void scalerSubtractsTheOffsetAndThenMultiplies() {
    OnnxModels each = scaler(floats("offset", 1, 2), floats("scale", 0.5f, 4));
    assertArrayEquals(new double[] {1, 4}, Evaluate.at(each.load(), 3, 3), 0);
    OnnxModels one = scaler(floats("offset", 1), floats("scale", 2));
    assertArrayEquals(new double[] {4, 6}, Evaluate.at(one.load(), 3, 4), 0);
    assertArrayEquals(new double[] {3, 4}, Evaluate.at(scaler().load(), 3, 4), 0);
  }

  @Test
  void scalerOfOtherFeaturesIsRefused() {
    OnnxModels model = scaler(floats("offset", 1, 2, 3));
    TangentsException e = assertThrows(TangentsException.class, model::load);
    assertTrue(e.getMessage().contains("(ai.onnx.ml.Scaler): "), e.getMessage());
  }

  /** One number, as that of a single output is, may be a factor of the program elsewhere. */
  @Test
  void biasOfOneNumberIsAParameter() {
    Model model =
        new OnnxModels()
            .producer("skl2onnx")
            .input("x", -1, 2)
            .weight("coefficient1", List.of(2L, 1L), 1, 2)
            .weight("intercepts1", List.of(1L, 1L), 3)
            .weight("unity", List.of(1L), 1)
            .node("MatMul", "x,coefficient1", "a")
            .node("Add", "a,intercepts1", "b")
            .node("Add", "unity,b", "y")
            .output("y")
            .load();
    assertEquals(
        List.of("coefficient1", "intercepts1"),
        model.graph().parameters().stream().map(Node.Parameter::name).toList());
  }

  @Test
  void otherOperatorIsRefusedByName() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 2)
            .node("Normalizer", "x", "y")
            .domain("ai.onnx.ml")
            .output("y");
    TangentsException e = assertThrows(TangentsException.class, model::load);
    assertEquals(
        "model 'm.onnx': 1 nodes cannot be read:\n  node 'n0' (ai.onnx.ml.Normalizer): operator not"
            + " supported",
        e.getMessage());
  }
}
