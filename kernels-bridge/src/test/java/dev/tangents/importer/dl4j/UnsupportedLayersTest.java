package dev.tangents.importer.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Models;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;

/** What cannot be imported is named, all of it, in one message. */
class UnsupportedLayersTest {
  @TempDir Path folder;

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of(
            new DenseLayer.Builder().nIn(3).nOut(3).hasLayerNorm(true).build(),
            "layer 0 'layer0': DenseLayer with hasLayerNorm"),
        Arguments.of(
            new AutoEncoder.Builder().nIn(3).nOut(3).build(), "layer 0 'layer0': AutoEncoder"),
        Arguments.of(new EmbeddingLayer.Builder().nIn(3).nOut(3).build(), "EmbeddingLayer"),
        Arguments.of(
            new ElementWiseMultiplicationLayer.Builder().nIn(3).nOut(3).build(),
            "misc.ElementWiseMultiplicationLayer"),
        Arguments.of(new PReLULayer.Builder().nIn(3).nOut(3).inputShape(3).build(), "PReLULayer"),
        Arguments.of(
            new DenseLayer.Builder()
                .nIn(3)
                .nOut(3)
                .activation(new ActivationReLU(6.0, null, null))
                .build(),
            "layer 0 'layer0': activation ActivationReLU with max"));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void layerIsNamed(Layer layer, String message) throws Exception {
    requireFault(Networks.random(DataType.DOUBLE, layer, output()), message);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "HARDSIGMOID",
        "HARDTANH",
        "RATIONALTANH",
        "RELU6",
        "RRELU",
        "SOFTSIGN",
        "RECTIFIEDTANH",
        "THRESHOLDEDRELU",
        "MISH"
      })
  void activationIsNamed(Activation activation) throws Exception {
    Layer layer = new DenseLayer.Builder().nIn(3).nOut(3).activation(activation).build();
    String name = activation.getActivationFunction().getClass().getSimpleName();
    requireFault(
        Networks.random(DataType.DOUBLE, layer, output()), "layer 0 'layer0': activation " + name);
  }

  @Test
  void allProblemsStandInOneMessage() throws Exception {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).name("conv").nOut(2).build())
                .layer(new SubsamplingLayer.Builder().build())
                .layer(new DenseLayer.Builder().nOut(3).activation(Activation.HARDTANH).build())
                .layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
    network.init();
    TangentsException e =
        requireFault(network, "3 things of this Deeplearning4j network cannot be imported:");
    assertTrue(
        e.getMessage()
            .contains(
                "\n  layer 0 'conv': ConvolutionLayer whose images have no extents in the file; build the network"
                    + " with InputType.convolutionalFlat(height, width, channels)\n"),
        e.getMessage());
    assertTrue(e.getMessage().contains("\n  layer 1 'layer1': SubsamplingLayer whose images have"));
    assertTrue(e.getMessage().contains("\n  layer 2 'layer2': activation ActivationHardTanH\n"));
    assertTrue(e.getMessage().contains("Supported are DenseLayer, OutputLayer"));
  }

  @Test
  void verticesAreNamed() throws Exception {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .addVertex("twice", new ScaleVertex(2), "in")
            .addLayer("out", output(), "twice")
            .setOutputs("out")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    Path file = folder.resolve("graph.zip");
    ModelSerializer.writeModel(network, file.toFile(), false);
    TangentsException e =
        assertThrows(TangentsException.class, () -> Models.load(file.toString(), LocalFile::at));
    assertTrue(
        e.getMessage()
            .contains("\n  vertex 'twice': org.deeplearning4j.nn.conf.graph.ScaleVertex\n"),
        e.getMessage());
  }

  private TangentsException requireFault(MultiLayerNetwork network, String message)
      throws Exception {
    Path file = Networks.save(network, folder);
    TangentsException e =
        assertThrows(TangentsException.class, () -> Models.load(file.toString(), LocalFile::at));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().startsWith("model '" + file + "': "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
    return e;
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder().nIn(3).nOut(2).activation(Activation.SOFTMAX).build();
  }
}
