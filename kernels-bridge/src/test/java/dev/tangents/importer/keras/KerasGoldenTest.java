package dev.tangents.importer.keras;

import dev.tangents.testkit.GoldenDerivatives;
import dev.tangents.testkit.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks saved by Keras with {@code keras/generate.py}, in double and in both formats: outputs,
 * and derivatives by the input and by every trainable variable, from PyTorch's autograd.
 */
class KerasGoldenTest {
  private static final String FILES = "dev.tangents.testkit.GoldenFile#keras";

  @ParameterizedTest
  @MethodSource(FILES)
  void outputsAndGradientsAreThoseOfKeras(GoldenFile file) throws IOException {
    GoldenDerivatives derivatives = derivatives(file);
    derivatives.assertParameters();
    derivatives.assertOutputs();
    derivatives.assertProduct();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void inputJacobianIsThatOfKeras(GoldenFile file) throws IOException {
    derivatives(file).assertInputJacobian();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void lossGradientIsThatOfKeras(GoldenFile file) throws IOException {
    derivatives(file).assertLossGradient();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void hessianProductsAreThoseOfKeras(GoldenFile file) throws IOException {
    GoldenDerivatives derivatives = derivatives(file);
    derivatives.assertHessianProduct();
    derivatives.assertInputHessianProduct();
  }

  private static GoldenDerivatives derivatives(GoldenFile file) throws IOException {
    return new GoldenDerivatives(file.load(), file.golden());
  }
}
