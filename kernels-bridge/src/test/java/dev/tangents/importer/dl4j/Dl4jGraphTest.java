package dev.tangents.importer.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ComputationGraphs against Deeplearning4j's own outputs, in double. */
class Dl4jGraphTest {
  private static final int ROWS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ElementWiseVertex.Op.class)
  void outputIsDeeplearning4jsForEachOp(ElementWiseVertex.Op op) throws Exception {
    // Names against the alphabet: numbers are stored in the order of the graph.
    requireSameOutput(
        builder()
            .addLayer("z", dense(Activation.TANH), "in")
            .addLayer("a", dense(Activation.SIGMOID), "in")
            .addVertex("both", new ElementWiseVertex(op), "z", "a")
            .addVertex("all", new MergeVertex(), "both", "z")
            .addLayer("out", output(), "all")
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(4)),
        4);
  }

  @Test
  void outputOfAResidualBlockIsDeeplearning4js() throws Exception {
    Model model =
        requireSameOutput(
            builder()
                .addLayer("stem", convolution(3), "in")
                .addLayer("norm", new BatchNormalization.Builder().build(), "stem")
                .addLayer("conv", convolution(3), "norm")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv", "stem")
                .addVertex("joined", new MergeVertex(), "sum", "norm")
                .addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "joined")
                .addLayer("out", output(), "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutionalFlat(5, 4, 2)),
            40);
    assertEquals(40, model.inputWidth());
    assertArrayEquals(new long[] {3, 2, 3, 3}, model.weights().get("stem_W").type().shape().dims());
  }

  private Model requireSameOutput(GraphBuilder builder, int width) throws Exception {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    for (String name : network.paramTable().keySet()) {
      INDArray parameter = network.getParam(name);
      parameter.assign(
          name.endsWith("_var")
              ? Nd4j.rand(DataType.DOUBLE, parameter.shape()).addi(0.5)
              : Nd4j.randn(DataType.DOUBLE, parameter.shape()).muli(0.5));
    }
    Path file = folder.resolve("graph.zip");
    ModelSerializer.writeModel(network, file.toFile(), true);
    double[][] rows = Nd4j.randn(DataType.DOUBLE, ROWS, width).toDoubleMatrix();
    double[][] expected = network.output(Nd4j.createFromArray(rows))[0].toDoubleMatrix();
    Model model = Models.load(file.toString(), LocalFile::at);
    for (int n = 0; n < ROWS; n++) {
      assertArrayEquals(expected[n], Evaluate.at(model, rows[n]), 1e-10);
    }
    for (ModelOutput wanted : List.of(ModelOutput.OUTPUT, ModelOutput.LOGITS)) {
      ImportOptions options = ImportOptions.defaults().withOutput(wanted);
      Model other = Models.load(file.toString(), LocalFile::at, options);
      double[][] found = new double[ROWS][];
      for (int n = 0; n < ROWS; n++) {
        found[n] = Evaluate.at(other, rows[n]);
      }
      Dl4jVerifier verifier = Dl4jVerifier.of(LocalFile.at(file.toString()), options);
      assertEquals(0, verifier.maxRelativeDifference(rows, found), 1e-10);
    }
    return model;
  }

  private static GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder()
        .seed(11)
        .dataType(DataType.DOUBLE)
        .graphBuilder()
        .addInputs("in");
  }

  private static DenseLayer dense(Activation activation) {
    return new DenseLayer.Builder().nOut(3).activation(activation).build();
  }

  private static ConvolutionLayer convolution(int out) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(out)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.ELU)
        .build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
  }
}
