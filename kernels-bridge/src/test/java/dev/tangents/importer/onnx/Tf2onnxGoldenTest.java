package dev.tangents.importer.onnx;

import dev.tangents.testkit.GoldenDerivatives;
import dev.tangents.testkit.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks of Keras on TensorFlow, as {@code tf2onnx/generate.py} converted them: outputs and
 * derivatives by the input, against PyTorch's of the same Keras file. Parameters have other names
 * and orders of axes here; their kernel is compared where there are no others.
 */
class Tf2onnxGoldenTest {
  private static final String FILES = "dev.tangents.testkit.GoldenFile#tf2onnx";

  @ParameterizedTest
  @MethodSource(FILES)
  void outputsAreThoseOfKeras(GoldenFile file) throws IOException {
    derivatives(file).assertOutputs();
  }

  @ParameterizedTest
  @MethodSource(FILES)
  void inputDerivativesAreThoseOfKeras(GoldenFile file) throws IOException {
    GoldenDerivatives derivatives = derivatives(file);
    derivatives.assertInputJacobian();
    derivatives.assertInputHessianProduct();
  }

  private static GoldenDerivatives derivatives(GoldenFile file) throws IOException {
    return new GoldenDerivatives(file.load(), file.golden());
  }
}
