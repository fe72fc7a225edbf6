package dev.tangents.derivative;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The example of the package's documentation: that it runs, and that it is this one. */
class ExampleTest {
  @Test
  void exampleOfThePackage() {
    // begin
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(1, 2));
    Value w = builder.parameter("W", TensorType.real(2, 2));
    Graph network = builder.build(Tanh.tanh(MatMul.matMul(x, w)));
    Weights weights = Weights.of(Map.of("W", Literal.of(w.type(), 0.5, 0.75, -0.25, 1)));

    Graph jacobian = Batch.of(Jacobians.of(network, List.of("x")), Set.of("x"), 3);
    Graph determinant = Batch.of(Determinants.of(network, "x"), Set.of("x"), 3);
    Graph loss = Losses.on(network, Losses.meanSquare());
    Graph gradients = Gradients.perSample(loss, List.of("W"), 3);

    HostTensor samples = HostTensor.of(Shape.of(3, 1, 2), 0.0, 0.0, 1.0, 2.0, 0.2, -0.4);
    HostTensor targets = HostTensor.of(Shape.of(3, 2), new double[6]);
    try (Engine engine = new ReferenceEngine()) { // or new Nd4jEngine(Precision.FLOAT)
      HostTensor j = engine.evaluate(jacobian, weights, List.of(samples)).get(0); // [3, 1, 2, 1, 2]
      List<HostTensor> d = engine.evaluate(determinant, weights, List.of(samples)); // 3 of [3]
      List<HostTensor> g = engine.evaluate(gradients, weights, List.of(samples, targets));
      report(j, d, g);
    }
    // end
  }

  /** At x = 0 the Jacobian is W^T and the gradient of a loss at its target is zero. */
  private static void report(HostTensor j, List<HostTensor> d, List<HostTensor> g) {
    assertEquals(Shape.of(3, 1, 2, 1, 2), j.shape());
    double[] first = Vectors.row(j.doubles(), 0, 4);
    assertClose(new double[] {0.5, -0.25, 0.75, 1}, first, 1e-15, "Jacobian at 0");
    double det = 0.5 * 1 + 0.25 * 0.75;
    assertEquals(Shape.of(3), d.get(2).shape());
    assertEquals(1, d.get(0).at(0));
    assertEquals(Math.log(det), d.get(1).at(0), 1e-15);
    assertEquals(det, d.get(2).at(0), 1e-15);
    // f(1, 2) = (tanh 0, tanh 2.75): the mean square of the second, and its slope by W.
    double f = Math.tanh(2.75);
    assertClose(new double[] {0, f * f / 2}, Vectors.row(g.get(0).doubles(), 0, 2), 1e-15, "loss");
    double slope = f * (1 - f * f);
    assertEquals(Shape.of(3, 2, 2), g.get(1).shape());
    assertClose(
        new double[] {0, slope, 0, 2 * slope},
        Vectors.row(g.get(1).doubles(), 1, 4),
        1e-15,
        "gradient");
  }

  @Test
  void exampleIsTheDocumentedOne() throws IOException {
    String documented =
        Files.readString(Path.of("src/main/java/dev/tangents/derivative/package-info.java"));
    String example = documented.substring(documented.indexOf("<pre>{@code") + 11);
    String run =
        Files.readString(Path.of("src/test/java/dev/tangents/derivative/ExampleTest.java"));
    assertEquals(
        words(run.substring(run.indexOf("// begin") + 8, run.indexOf("// end"))),
        words(example.substring(0, example.indexOf("}</pre>")).replaceAll("(?m)^ \\*", "")));
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").trim();
  }
}
