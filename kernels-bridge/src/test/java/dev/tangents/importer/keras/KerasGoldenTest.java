package dev.tangents.importer.keras;

import dev.tangents.importer.GoldenNetwork;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks saved by Keras with {@code keras/generate.py}, in double and in both formats: outputs,
 * and gradients by the input and by every trainable variable.
 */
class KerasGoldenTest {
  @ParameterizedTest
  @CsvSource({
    "mlp, keras",
    "mlp, h5",
    "lenet, keras",
    "lenet, h5",
    "resnet, keras",
    "resnet, h5",
    "mobile, keras",
    "mobile, h5",
    "branches, keras",
    "branches, h5",
    "tokens, keras",
    "tokens, h5",
    "signal, keras",
    "signal, h5",
    "unet, keras",
    "unet, h5",
    "first, keras",
    "first, h5"
  })
  void outputsAndGradientsAreThoseOfKeras(String network, String format) throws Exception {
    GoldenNetwork golden = GoldenNetwork.read(resource(network + ".json"));
    Model model = Models.load(resource(network + "." + format).toString(), LocalFile::at);
    golden.assertOutputs(model);
    golden.assertGradients(model);
  }

  static Path resource(String name) throws URISyntaxException {
    return Path.of(KerasGoldenTest.class.getResource("/keras/" + name).toURI());
  }
}
