package dev.tangents.importer.onnx;

import dev.tangents.importer.GoldenNetwork;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks exported from PyTorch by {@code onnx/generate.py}, in double: outputs and gradients by
 * the input and by every parameter of the PyTorch module, under its names.
 */
class OnnxGoldenTest {
  /** From this many parameters on, a gradient is kept as its first number and its norm. */
  private static final long FULL = 1500;

  private static final List<String> NETWORKS =
      List.of(
          "convnext-block",
          "encoder",
          "gpt",
          "lenet",
          "mlp",
          "mobile-block",
          "mobilenetv2",
          "resnet-block",
          "resnet18",
          "signal",
          "tokens",
          "unet",
          "vit");

  static Stream<Arguments> files() {
    return NETWORKS.stream()
        .flatMap(n -> Stream.of(Arguments.of(n, "torchscript"), Arguments.of(n, "dynamo")));
  }

  @ParameterizedTest
  @MethodSource("files")
  void outputsAndGradientsArePyTorchs(String network, String exporter) throws Exception {
    GoldenNetwork golden = GoldenNetwork.read(resource(network + ".json"));
    Model model =
        Models.load(resource(network + "-" + exporter + ".onnx").toString(), LocalFile::at);
    golden.assertOutputs(model);
    if (model.parameterCount() < FULL) {
      golden.assertGradients(model);
    } else {
      golden.assertSummaries(model);
    }
  }

  static Path resource(String name) throws URISyntaxException {
    return Path.of(OnnxGoldenTest.class.getResource("/onnx/" + name).toURI());
  }
}
