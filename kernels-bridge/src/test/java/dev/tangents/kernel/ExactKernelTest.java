package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.shape.Reshape.reshape;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Kernels that are known as fractions. */
class ExactKernelTest {
  private final Engine engine = new ReferenceEngine();

  /** Case G1: mean-field ReLU network, one unit exactly at the kink. */
  @Test
  void meanFieldReluNetwork() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", TensorType.real(2));
    Value hidden = relu(matMul(reshape(x, 1, 2), b.parameter("W", TensorType.real(2, 3))));
    Value a = b.parameter("a", TensorType.real(3));
    Graph network = b.build(reshape(scale(matMul(hidden, reshape(a, 3, 1)), 1 / 3.0), 1));
    Weights weights =
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(2, 3), 1, -1, 2, 0, 2, -1),
                "a", Literal.of(TensorType.real(3), 2, -1, 3)));
    double[][] samples = {{1, 2}, {3, -1}, {-2, 1}};
    assertArrayEquals(
        ninths(35, 7, 12, 7, 188, 0, 12, 0, 21),
        Grams.gram(engine, network, weights, KernelKind.TRACE, List.of("W", "a"), samples),
        1e-14);
    assertArrayEquals(
        ninths(25, 4, 0, 4, 130, 0, 0, 0, 5),
        Grams.gram(engine, network, weights, KernelKind.TRACE, List.of("W"), samples),
        1e-14);
  }

  /** Case G2: two linear layers with biases, two outputs: all kinds of kernel. */
  @Test
  void twoLinearLayers() {
    GraphBuilder b = new GraphBuilder();
    Value x = reshape(b.input("x", TensorType.real(2)), 1, 2);
    Value h =
        Add.add(
            matMulTransposed(x, b.parameter("W", TensorType.real(3, 2))),
            reshape(b.parameter("b", TensorType.real(3)), 1, 3));
    Value f =
        Add.add(
            matMulTransposed(h, b.parameter("V", TensorType.real(2, 3))),
            reshape(b.parameter("c", TensorType.real(2)), 1, 2));
    Graph network = b.build(reshape(f, 2));
    Weights weights =
        Weights.of(
            Map.of(
                "W", Literal.of(TensorType.real(3, 2), 1, 2, 0, -1, 3, 1),
                "b", Literal.of(TensorType.real(3), 1, 0, -1),
                "V", Literal.of(TensorType.real(2, 3), 1, 0, 2, -1, 1, 0),
                "c", Literal.of(TensorType.real(2), 0, 1)));
    List<String> all = List.of("W", "b", "V", "c");
    double[][] samples = {{1, 2}, {3, -1}};
    assertArrayEquals(
        new double[] {87, 49, 49, 110, -6, -2, -2, -11, -6, -2, -2, -11, 69, 43, 43, 77},
        Grams.gram(engine, network, weights, KernelKind.FULL, all, samples),
        1e-12);
    assertArrayEquals(
        new double[] {87, 49, 49, 110, 69, 43, 43, 77},
        Grams.gram(engine, network, weights, KernelKind.PER_OUTPUT, all, samples),
        1e-12);
    assertArrayEquals(
        new double[] {2 * 78, 2 * 46, 2 * 46, 2 * 93.5},
        Grams.gram(engine, network, weights, KernelKind.TRACE, all, samples),
        1e-12);
    assertArrayEquals(
        new double[] {72, 44, 44, 82.5},
        Grams.gram(engine, network, weights, KernelKind.SUM, all, samples),
        1e-12);
  }

  private static double[] ninths(double... numerators) {
    double[] fractions = numerators.clone();
    for (int i = 0; i < fractions.length; i++) {
      fractions[i] /= 9;
    }
    return fractions;
  }
}
