package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Model;
import dev.tangents.importer.onnx.schema.Onnx.StringStringEntryProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the numbers of an ONNX model are, and in what width. */
class OnnxWeightsTest {
  private static String refusal(OnnxModels model) {
    TangentsException e = assertThrows(TangentsException.class, model::load);
    assertEquals(Category.MODEL, e.category());
    return e.getMessage();
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 00c0 00be", "BFLOAT16, 00c0 c0bf", "FLOAT, 000000c0 0000c0bf"})
  void everyWidthOfWeightIsRead(DataType type, String hex) {
    byte[] bits = HexFormat.of().parseHex(hex.replace(" ", ""));
    Model model =
        new OnnxModels()
            .input("x", -1, 2)
            .initializer(
                OnnxModels.tensor("w", type, List.of(2L, 1L)).setRawData(ByteString.copyFrom(bits)))
            .node("MatMul", "x,w", "y")
            .output("y")
            .load();
    assertArrayEquals(new double[] {-2, -1.5}, model.weights().get("w").toArray(), 0);
  }

  @Test
  void halfIsWidenedExactly() {
    assertEquals(Math.scalb(1.0, -24), TensorReader.half((short) 1));
    assertEquals(65504, TensorReader.half((short) 0x7bff));
    assertEquals(Double.NEGATIVE_INFINITY, TensorReader.half((short) 0xfc00));
    assertEquals(-0.0, TensorReader.half((short) 0x8000));
    assertTrue(Double.isNaN(TensorReader.half((short) 0x7c01)));
  }

  private static OnnxModels external(String location, String offset, String length) {
    TensorProto.Builder tensor =
        OnnxModels.tensor("w", DataType.FLOAT, List.of(2L, 1L))
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    Map<String, String> entries = Map.of("location", location, "offset", offset, "length", length);
    entries.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return new OnnxModels()
        .input("x", -1, 2)
        .initializer(tensor)
        .node("MatMul", "x,w", "y")
        .output("y");
  }

  @Test
  void weightsBesideTheFileAreRead() {
    byte[] data = OnnxModels.floats(9, 4, -5, 9).toByteArray();
    Model model = OnnxModels.load(external("m.data", "4", "8").bytes(), Map.of("m.data", data));
    assertArrayEquals(new double[] {4, -5}, model.weights().get("w").toArray(), 0);
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> OnnxModels.load(external("m.data", "12", "8").bytes(), Map.of("m.data", data)));
    assertEquals(
        "model 'm.onnx': tensor 'w': its data are 8 bytes from byte 12 of m.data, which has 16 bytes",
        e.getMessage());
    assertTrue(refusal(external("m.data", "0", "8")).contains("m.data: cannot be read"));
    assertTrue(refusal(external("m.data", "-1x", "8")).contains("m.data: cannot be read"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "/etc/passwd", "a/b", "", "..", "C:x"})
  void dataFileLiesBesideTheModel(String location) {
    assertTrue(
        refusal(external(location, "0", "8"))
            .startsWith(
                "model 'm.onnx': tensor 'w': Model file: '"
                    + location
                    + "' is not a plain file name"));
  }
}
