package dev.tangents.testkit;

import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model file of the test resources and where PyTorch's numbers of it stand.
 *
 * @param model the file, such as {@code /onnx/mlp-dynamo.onnx}
 * @param goldens its numbers, such as {@code /onnx/mlp.json}
 */
public record GoldenFile(String model, String goldens) {
  private static final List<String> PYTORCH =
      List.of(
          "bert",
          "convnext-block",
          "encoder",
          "gpt",
          "gru",
          "lenet",
          "lstm",
          "mlp",
          "mobile-block",
          "mobilenetv2",
          "reparametrised",
          "resnet-block",
          "resnet18",
          "resnet50",
          "rnn",
          "signal",
          "tokens",
          "unet",
          "vgg",
          "vit");

  private static final List<String> KERAS =
      List.of(
          "branches",
          "first",
          "lenet",
          "mlp",
          "mobile",
          "mobilenet",
          "recurrent",
          "resnet",
          "signal",
          "tokens",
          "transformer",
          "unet",
          "ways");

  /** What tf2onnx leaves as it is. */
  private static final List<String> TENSORFLOW = List.of("lenet", "signal", "transformer", "unet");

  /** Where TensorFlow multiplies batch norms into what stands before them. */
  private static final List<String> FOLDED = List.of("first", "mobilenet", "resnet");

  /** Networks exported from PyTorch by {@code onnx/generate.py}, by both exporters. */
  public static Stream<GoldenFile> pytorch() {
    return PYTORCH.stream()
        .flatMap(name -> Stream.of("torchscript", "dynamo").map(exporter -> onnx(name, exporter)));
  }

  /** Networks saved by Keras with {@code keras/generate.py}, in both formats. */
  public static Stream<GoldenFile> keras() {
    return KERAS.stream()
        .flatMap(name -> Stream.of("keras", "h5").map(format -> keras(name, format)));
  }

  /**
   * The networks of {@link #keras}, as {@code tf2onnx/generate.py} converted them: the same
   * functions of their inputs.
   */
  public static Stream<GoldenFile> tf2onnx() {
    return Stream.of(TENSORFLOW, FOLDED).flatMap(List::stream).map(GoldenFile::tensorflow);
  }

  /**
   * Every network with the parameters of its module, once or twice: of Keras's two formats one,
   * since both hold the same.
   */
  public static Stream<GoldenFile> networks() {
    Stream<GoldenFile> keras = KERAS.stream().map(name -> keras(name, "keras"));
    Stream<GoldenFile> tensorflow = TENSORFLOW.stream().map(GoldenFile::tensorflow);
    return Stream.of(pytorch(), keras, tensorflow).flatMap(files -> files);
  }

  private static GoldenFile onnx(String name, String exporter) {
    return new GoldenFile("/onnx/" + name + "-" + exporter + ".onnx", "/onnx/" + name + ".json");
  }

  private static GoldenFile keras(String name, String format) {
    return new GoldenFile("/keras/" + name + "." + format, "/keras/" + name + ".json");
  }

  private static GoldenFile tensorflow(String name) {
    return new GoldenFile("/tf2onnx/" + name + ".onnx", "/keras/" + name + ".json");
  }

  /** The network. */
  public Model load() {
    return Models.load(Golden.path(model).toString(), LocalFile::at);
  }

  /** The numbers. */
  public Golden golden() throws IOException {
    return Golden.of(goldens);
  }

  @Override
  public String toString() {
    return model.substring(1);
  }
}
