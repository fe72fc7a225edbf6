package dev.tangents.importer.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks over images, against Deeplearning4j's own outputs, in double. */
class Dl4jImagesTest {
  private static final int ROWS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = ConvolutionMode.class,
      names = {"Truncate", "Same"})
  void outputIsDeeplearning4jsForEachMode(ConvolutionMode mode) throws Exception {
    int[] padding = mode == ConvolutionMode.Same ? new int[] {0, 0} : new int[] {1, 0};
    Model model =
        requireSameOutput(
            new ConvolutionLayer.Builder(3, 2)
                .nOut(4)
                .stride(1, 2)
                .padding(padding)
                .convolutionMode(mode)
                .activation(Activation.TANH)
                .build(),
            new BatchNormalization.Builder().build(),
            new ActivationLayer.Builder().activation(Activation.RELU).build(),
            new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(3, 2)
                .stride(2, 1)
                .padding(padding)
                .convolutionMode(mode)
                .build(),
            new ConvolutionLayer.Builder(2, 2)
                .nOut(3)
                .dilation(2, 1)
                .hasBias(false)
                .convolutionMode(mode)
                .activation(Activation.ELU)
                .build(),
            new DenseLayer.Builder().nOut(5).activation(Activation.TANH).build(),
            output());
    assertEquals(9 * 7 * 2, model.inputWidth());
    assertArrayEquals(new long[] {4, 2, 3, 2}, model.weights().get("0_W").type().shape().dims());
  }

  @ParameterizedTest
  @EnumSource(
      value = PoolingType.class,
      names = {"MAX", "AVG", "SUM"})
  void outputIsDeeplearning4jsForEachPooling(PoolingType type) throws Exception {
    PoolingType window = type == PoolingType.SUM ? PoolingType.AVG : type;
    requireSameOutput(
        new ConvolutionLayer.Builder(2, 2).nOut(3).activation(Activation.SIGMOID).build(),
        new SubsamplingLayer.Builder(window).kernelSize(3, 3).stride(2, 2).padding(1, 1).build(),
        new GlobalPoolingLayer.Builder(type).build(),
        output());
  }

  @Test
  void poolingByAnotherNormIsNamed() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                requireSameOutput(
                    new SubsamplingLayer.Builder(PoolingType.PNORM).pnorm(2).build(), output()));
    assertTrue(e.getMessage().contains("layer 0 'layer0': pooling of type PNORM"), e::getMessage);
  }

  private Model requireSameOutput(Layer... layers) throws Exception {
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder().seed(11).dataType(DataType.DOUBLE).list();
    List.of(layers).forEach(builder::layer);
    MultiLayerNetwork network =
        new MultiLayerNetwork(builder.setInputType(InputType.convolutionalFlat(9, 7, 2)).build());
    network.init();
    for (String name : network.paramTable().keySet()) {
      INDArray parameter = network.getParam(name);
      parameter.assign(
          name.endsWith("_var")
              ? Nd4j.rand(DataType.DOUBLE, parameter.shape()).addi(0.5)
              : Nd4j.randn(DataType.DOUBLE, parameter.shape()).muli(0.5));
    }
    Path file = Networks.save(network, folder);
    Model model = Models.load(file.toString(), LocalFile::at);
    double[][] rows = Nd4j.randn(DataType.DOUBLE, ROWS, 9 * 7 * 2).toDoubleMatrix();
    double[][] expected = network.output(Nd4j.createFromArray(rows)).toDoubleMatrix();
    double[][] found = new double[ROWS][];
    for (int n = 0; n < ROWS; n++) {
      found[n] = Evaluate.at(model, rows[n]);
      assertArrayEquals(expected[n], found[n], 1e-9);
    }
    Dl4jVerifier verifier =
        Dl4jVerifier.of(LocalFile.at(file.toString()), ImportOptions.defaults());
    assertEquals(0, verifier.maxRelativeDifference(rows, found), 1e-9);
    return model;
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
  }
}
