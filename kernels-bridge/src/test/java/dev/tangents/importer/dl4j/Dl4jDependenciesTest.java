package dev.tangents.importer.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The build excludes much of what DL4J drags along; reading a model back must not need it. */
class Dl4jDependenciesTest {
  @TempDir Path folder;

  @Test
  void savedNetworkIsRestoredWithTheDependenciesTheBuildKeeps() throws Exception {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(new DenseLayer.Builder().nOut(5).activation(Activation.TANH).build())
                .layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
    network.init();
    File file = folder.resolve("network.zip").toFile();
    ModelSerializer.writeModel(network, file, false);

    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file);

    assertEquals(network.conf().toJson(), restored.conf().toJson());
    INDArray samples = Nd4j.rand(3, 1, 8, 8);
    assertEquals(network.output(samples), restored.output(samples));
  }
}
