package dev.tangents.importer.mlp;

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
import dev.tangents.importer.Models;
import dev.tangents.ir.Node;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlpImporterTest {
  private static final double[] X = {0.3, -1.2, 0.7};

  @Test
  void namesShapesAndCountsAreTheSpecifications() {
    Model model = load("mlp:3-5-4-2:tanh?seed=9");
    assertEquals(3, model.inputWidth());
    assertEquals(2, model.outputCount());
    assertEquals(3 * 5 + 5 + 5 * 4 + 4 + 4 * 2 + 2, model.parameterCount());
    List<Node.Parameter> parameters = model.graph().parameters();
    assertEquals(
        List.of("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"),
        parameters.stream().map(Node.Parameter::name).toList());
    assertEquals("[3, 5]", parameters.get(0).type().shape().toString());
    assertEquals("x", model.graph().inputs().get(0).name());
    assertEquals("random network mlp:3-5-4-2:tanh?seed=9", model.description());
    assertEquals(64, model.sha256().length());
  }

  @ParameterizedTest
  @CsvSource({"standard,1,1,1", "ntk,0.81649658092772603,0.5,0.1", "mean-field,1,0.25,1"})
  void outputIsTheFormulaOfTheParametrisation(String param, double c0, double c1, double cb) {
    // sqrt(2 / 3) and, with four units, sqrt(2 / 4) would be relu's; tanh has sigma_w = 1.
    String activation = param.equals("ntk") ? "tanh" : "relu";
    double first = param.equals("ntk") ? 1 / Math.sqrt(3) : c0;
    DoubleUnaryOperator act = param.equals("ntk") ? Math::tanh : z -> Math.max(z, 0);
    Model model = load("mlp:3-4-2:" + activation + "?param=" + param + "&seed=4");
    double[] hidden = affine(model, 0, X, first, cb);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = act.applyAsDouble(hidden[i]);
    }
    assertArrayEquals(affine(model, 1, hidden, c1, cb), Evaluate.at(model, X), 1e-14);
  }

  @Test
  void ntkScalesReluBySqrtTwo() {
    Model model = load("mlp:3-2:relu?param=ntk&bias=false");
    double[] expected = affine(model, 0, X, Math.sqrt(2.0 / 3), 0);
    assertArrayEquals(expected, Evaluate.at(model, X), 1e-14);
    assertEquals(6, model.parameterCount());
  }

  @Test
  void outActivationIsAppliedUnlessLogitsAreAskedFor() {
    String spec = "mlp:3-4-2:gelu?out=softmax";
    double[] p = Evaluate.at(load(spec), X);
    assertEquals(1, p[0] + p[1], 1e-15);
    ImportOptions logits = ImportOptions.defaults().withOutput(ModelOutput.LOGITS);
    double[] z = Evaluate.at(Models.load(spec, path -> null, logits), X);
    assertEquals(Math.log(p[0] / p[1]), z[0] - z[1], 1e-14);
  }

  @Test
  void sameSpecificationGivesTheSameBits() {
    String spec = "mlp:3-4-2:relu?seed=77";
    assertArrayEquals(Evaluate.at(load(spec), X), Evaluate.at(load(spec), X));
    assertEquals(load(spec).sha256(), load(spec).sha256());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mlp:|widths ''",
        "mlp:5|expected at least inputs and outputs, such as 784-1024-1",
        "mlp:5--1|'' is not a number from 1 to 999999999",
        "mlp:5-x-1|'x' is not a number",
        "mlp:5-0-1|'0' is not a number",
        "mlp:5-99999999999-1|'99999999999' is not a number",
        "mlp:5-1:reLu|activation 'reLu' is not known; expected one of [abs, cos, cube, elu",
        "mlp:5-1:relu?sed=1|'sed=1' after '?': expected key=value with a key of [param, bias, seed, out]",
        "mlp:5-1:relu?|'' after '?'",
        "mlp:5-1:relu?seed|'seed' after '?'",
        "mlp:5-1:relu?seed=1&seed=2|key 'seed' is given twice",
        "mlp:5-1:relu?seed=1.5|seed=1.5: expected an integer",
        "mlp:5-1:relu?bias=yes|bias=yes: expected true or false",
        "mlp:5-1:relu?param=mup|param=mup: expected standard, ntk or mean-field",
        "mlp:5-1:relu?out=none|out 'none' is not known",
        "mlp:999999999-999999999-999999999:relu|parameters need more than the 2147483648 bytes",
      })
  void faultNamesThePart(String spec, String message) {
    TangentsException e = assertThrows(TangentsException.class, () -> load(spec));
    assertEquals(Category.USER, e.category());
    assertTrue(e.getMessage().startsWith("model '" + spec + "': "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static Model load(String spec) {
    return Models.load(spec, path -> null);
  }

  private static double[] affine(Model model, int layer, double[] x, double factor, double cb) {
    double[] w = model.weights().get(layer + ".weight").toArray();
    int out = w.length / x.length;
    double[] y = new double[out];
    for (int o = 0; o < out; o++) {
      if (cb != 0) {
        y[o] = cb * model.weights().get(layer + ".bias").toArray()[o];
      }
      for (int i = 0; i < x.length; i++) {
        y[o] += factor * w[i * out + o] * x[i];
      }
    }
    return y;
  }
}
