package dev.tangents.importer.dl4j;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks with random numbers, built and saved by Deeplearning4j. */
final class Networks {
  private Networks() {}

  /**
   * A network whose every number, biases and running variances too, is random in (0.5, 1.5) or N(0,
   * 1).
   */
  static MultiLayerNetwork random(DataType type, Layer... layers) {
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder().seed(11).dataType(type).list();
    List.of(layers).forEach(builder::layer);
    MultiLayerNetwork network = new MultiLayerNetwork(builder.build());
    network.init();
    for (String name : network.paramTable().keySet()) {
      INDArray parameter = network.getParam(name);
      boolean positive = name.endsWith("_var");
      parameter.assign(
          positive
              ? Nd4j.rand(type, parameter.shape()).addi(0.5)
              : Nd4j.randn(type, parameter.shape()).muli(0.5));
    }
    return network;
  }

  static Path save(MultiLayerNetwork network, Path folder) throws Exception {
    Path file = folder.resolve("network.zip");
    ModelSerializer.writeModel(network, file.toFile(), true);
    return file;
  }
}
