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
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelInput;
import dev.tangents.importer.Models;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import dev.tangents.testkit.Everywhere;
import dev.tangents.testkit.Golden;
import dev.tangents.testkit.Runs;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of several inputs, and with a batch that is not the first axis. */
class OnnxInputsTest {
  private static final double TOLERANCE = 1e-10;

  @ParameterizedTest
  @ValueSource(strings = {"conditioned", "masked", "time-first"})
  void networkIsPyTorchs(String network) throws Exception {
    Golden golden = Golden.of("/onnx/" + network + ".json");
    Model model = load(network, network.equals("time-first") ? "1" : "batch");
    List<double[]> inputs = golden.rows("inputs");
    for (int n = 0; n < inputs.size(); n++) {
      Everywhere.assertResults(
          List.of(golden.rows("outputs").get(n)),
          model.graph(),
          model.weights(),
          model.split(inputs.get(n)),
          TOLERANCE);
    }
    List<String> wrt = new ArrayList<>(golden.byParameter("parameters").keySet());
    List<Golden.Numbers> expected = new ArrayList<>(golden.byParameter("parameters").values());
    assertEquals(Set.copyOf(wrt), model.weights().names());
    wrt.add(model.graph().inputs().get(0).name());
    expected.add(golden.numbers("inputGradient"));
    List<double[]> operands = new ArrayList<>(model.split(inputs.get(0)));
    operands.add(golden.row("seed"));
    List<double[]> found = Runs.reference(Vjp.of(model.graph(), wrt), model.weights(), operands);
    for (int i = 0; i < wrt.size(); i++) {
      expected.get(i).assertClose(found.get(i), TOLERANCE, network + " by " + wrt.get(i));
    }
  }

  @Test
  void realInputsComeFirst() throws Exception {
    assertEquals("mask real [4], ids integer [4]", ModelInput.listed(load("masked", "0").inputs()));
    assertEquals(
        "image real [1, 6, 6], condition real [3]",
        ModelInput.listed(load("conditioned", "0").inputs()));
    assertEquals("y [3]", load("masked", "0").output().toString());
    assertEquals(4, load("masked", "0").realWidth());
    assertEquals(8, load("masked", "0").inputWidth());
  }

  /** Without the flag the steps of a sequence would be taken for samples. */
  @Test
  void wrongBatchAxisIsRefused() throws Exception {
    assertTrue(
        assertThrows(TangentsException.class, () -> load("time-first", "0"))
            .getMessage()
            .contains("input 'x': its first axis is fixed at 5; expected the batch axis"));
  }

  /** y[t, n] = sum over d of x[t, n, d], of 3 steps of 2 numbers. */
  private static OnnxModels steps() {
    return new OnnxModels()
        .input("x", 3, -1, 2)
        .integers("last", -1)
        .node("ReduceSum", "x,last", "y", OnnxModels.integer("keepdims", 0))
        .output("y");
  }

  private static ImportOptions axes(String axes) {
    return ImportOptions.defaults().withBatchAxes(BatchAxes.parse(axes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,y=1", "x=1,y=1", "d1,y=1", "x=d1, y=1"})
  void sampleIsTheRestOfTheInput(String axes) {
    Model model = steps().load(axes(axes));
    assertEquals("x real [3, 2]", ModelInput.listed(model.inputs()));
    assertArrayEquals(new double[] {3, 7, 11}, Evaluate.at(model, 1, 2, 3, 4, 5, 6), 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1       | MODEL | model 'm.onnx': output 'y' has shape [3, 1] for a batch of 1; expected the batch as"
            + " axis 0. Name its axis with --batch-axis y=AXIS",
        "3,y=1   | USER  | model 'm.onnx': input 'x': batch-axis: 'x' has no axis 3; its axes are [3, 'd1', 2]",
        "n,y=1   | USER  | model 'm.onnx': input 'x': batch-axis: 'x' has no axis n; its axes are [3, 'd1', 2]",
        "2,y=1   | MODEL | model 'm.onnx': input 'x': its axis 2 is fixed at 2; expected the batch axis, open or"
            + " fixed at 1. Export with a dynamic batch axis, or name the batch axis with --batch-axis",
        "z=1,y=1 | USER  | model 'm.onnx': batch-axis: no input or output 'z'. The model has x, y"
      })
  void otherAxesAreRefused(String axes, Category category, String message) {
    TangentsException e = assertThrows(TangentsException.class, () -> steps().load(axes(axes)));
    assertEquals(category, e.category());
    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x=", "=1", "1,2", "x=1,x=2"})
  void axisIsAnIndexOrAName(String axes) {
    TangentsException e = assertThrows(TangentsException.class, () -> BatchAxes.parse(axes));
    assertEquals(
        "batch-axis: expected an axis for all inputs (1, or its name in the file), or NAME=AXIS once for"
            + " an input or the output, got '"
            + axes
            + "'",
        e.getMessage());
  }

  @Test
  void otherFormsHaveNoAxisToName() {
    TangentsException e =
        assertThrows(
            TangentsException.class, () -> Models.load("mlp:2-1", LocalFile::at, axes("1")));
    assertEquals(
        "batch-axis: the batch axis of model 'mlp:2-1' is known; only an ONNX file has one to name. Leave"
            + " the flag out",
        e.getMessage());
  }

  /** Samples must not mix in any of several inputs. */
  @Test
  void severalInputsThatMixSamplesAreRefused() {
    OnnxModels model =
        new OnnxModels()
            .input("x", -1, 2)
            .input("ids", DataType.INT64, -1, 1)
            .node("Cast", "ids", "real", OnnxModels.integer("to", DataType.FLOAT.getNumber()))
            .node("ReduceMean", "real", "m", OnnxModels.ints("axes", 0))
            .node("Add", "x,m", "y")
            .output("y");
    String message = assertThrows(TangentsException.class, model::load).getMessage();
    assertTrue(message.startsWith("model 'm.onnx': the network mixes samples"), message);
  }

  /** Exporters cast an integer mask to floats, and compute with it. */
  @ParameterizedTest
  @ValueSource(strings = {"INT64", "INT32", "BOOL"})
  void integersAreComputedWithAsRealNumbers(DataType type) {
    Model model =
        new OnnxModels()
            .input("mask", type, -1, 2)
            .input("x", -1, 2)
            .weight("w", List.of(2L), 3, 5)
            .integers("last", -1)
            .node("Cast", "mask", "real", OnnxModels.integer("to", DataType.FLOAT.getNumber()))
            .node("ReduceSum", "real,last", "count")
            .node("Div", "real,count", "share")
            .node("Mul", "share,w", "scaled")
            .node("Mul", "scaled,x", "y")
            .output("y")
            .load();
    List<double[]> sample = List.of(new double[] {7, 11}, new double[] {1, 0});
    assertArrayEquals(
        new double[] {21, 0}, Runs.reference(model.graph(), model.weights(), sample).get(0), 0);
    List<double[]> operands = List.of(sample.get(0), sample.get(1), new double[] {1, 1});
    List<double[]> gradients =
        Runs.reference(Vjp.of(model.graph(), List.of("x", "w")), model.weights(), operands);
    assertArrayEquals(new double[] {3, 0}, gradients.get(0), 0);
    assertArrayEquals(new double[] {7, 0}, gradients.get(1), 0);
    TangentsException e =
        assertThrows(TangentsException.class, () -> Vjp.of(model.graph(), List.of("mask")));
    assertEquals(
        "Derivative by 'mask': it is INT[2], and only real values have derivatives",
        e.getMessage());
  }

  private static Model load(String network, String axes) throws Exception {
    return Models.load(
        Golden.path("/onnx/" + network + "-torchscript.onnx").toString(),
        LocalFile::at,
        axes(axes));
  }
}
