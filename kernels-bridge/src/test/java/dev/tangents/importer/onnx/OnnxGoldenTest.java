package dev.tangents.importer.onnx;

import dev.tangents.testkit.GoldenDerivatives;
import dev.tangents.testkit.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks exported from PyTorch by {@code onnx/generate.py}, in double: outputs, and derivatives
 * by the input and by every parameter of the PyTorch module, under its names.
 */
class OnnxGoldenTest {
  private static final String FILES = "dev.tangents.testkit.GoldenFile#pytorch";

  @ParameterizedTest
  @MethodSource(FILES)
  void outputsAndGradientsArePyTorchs(GoldenFile file) throws IOException {
    GoldenDerivatives derivatives = derivatives(file);
    derivatives.assertParameters();
    derivatives.assertOutputs();
    derivatives.assertProduct();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void inputJacobianIsPyTorchs(GoldenFile file) throws IOException {
    derivatives(file).assertInputJacobian();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void lossGradientIsPyTorchs(GoldenFile file) throws IOException {
    derivatives(file).assertLossGradient();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void hessianProductsArePyTorchs(GoldenFile file) throws IOException {
    GoldenDerivatives derivatives = derivatives(file);
    derivatives.assertHessianProduct();
    derivatives.assertInputHessianProduct();
  }

  private static GoldenDerivatives derivatives(GoldenFile file) throws IOException {
    return new GoldenDerivatives(file.load(), file.golden());
  }
}
